struct node { int v; };
node *head;
// DIAG: 2:1: error: unknown type name ‘node’; use ‘struct’ keyword to refer to the type
