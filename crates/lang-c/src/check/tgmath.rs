//! `__builtin_tgmath` (GCC manual, "Other Built-in Functions"): the functions of one operation, then its arguments; the call
//! goes to the function that fits the arguments (C11 7.25). glibc's `<tgmath.h>` is made of it.

use crate::ast::NodeId;
use crate::parse::{Loc, Parser};
use crate::types::{Basic, QualTy, TypeData};
use base::Pos;

impl Parser<'_> {
    /// The call that `__builtin_tgmath (args)` stands for.
    #[cold]
    pub(crate) fn tgmath(&mut self, args: &[NodeId], loc: Loc, pos: Pos) -> NodeId {
        let n_functions = args.iter().take_while(|arg| self.parameters(**arg).is_some()).count();
        let (functions, values) = args.split_at(n_functions);
        let lists: Vec<Vec<QualTy>> = functions.iter().filter_map(|f| self.parameters(*f)).collect();
        if lists.len() < 2 || lists.iter().any(|list| list.len() != values.len()) || values.is_empty() {
            self.error(loc, "‘__builtin_tgmath’ wants functions with as many parameters as there are arguments");
            return self.poison(pos);
        }
        // A parameter that all functions share (an exponent) has no part in the choice.
        let generic: Vec<usize> =
            (0..values.len()).filter(|at| lists.iter().any(|l| l[*at] != lists[0][*at])).collect();
        let mut wanted = Basic::Float;
        for at in &generic {
            let Some(basic) = self.types.arith(self.ty(values[*at])) else {
                self.error(loc, "invalid type of argument of type-generic function");
                return self.poison(pos);
            };
            let float = if basic.is_integer() { Basic::Double } else { basic };
            let real = wanted.real_part().max(float.real_part());
            wanted = if wanted.is_complex() || float.is_complex() { real.complex() } else { real };
        }
        // The exact type, the next wider one (functions that narrow), or the complex one (those that only complex numbers have).
        let of = |this: &Self, list: &[QualTy]| this.types.arith(list[*generic.first().unwrap_or(&0)]);
        let fits = |this: &Self, exact: Basic| lists.iter().position(|list| of(this, list) == Some(exact));
        let wider = |this: &Self| {
            let found = lists.iter().enumerate().filter_map(|(at, list)| Some((of(this, list)?, at)));
            found
                .filter(|(basic, _)| basic.is_complex() == wanted.is_complex() && *basic > wanted)
                .min()
                .map(|(_, at)| at)
        };
        let chosen = fits(self, wanted).or_else(|| wider(self)).or_else(|| fits(self, wanted.complex()));
        let Some(chosen) = chosen else {
            self.error(loc, "no matching function for type-generic call");
            return self.poison(pos);
        };
        let from = self.words.len();
        for value in values {
            let value = self.rvalue(*value);
            self.words.push(value.0);
        }
        self.call(functions[chosen], from, loc, pos)
    }

    /// The parameter types of a function or a pointer to one.
    fn parameters(&self, node: NodeId) -> Option<Vec<QualTy>> {
        let ty = self.ty(node);
        let function = self.types.pointee(ty).unwrap_or(ty);
        let TypeData::Function { params, n_params, .. } = self.types.get(function) else { return None };
        Some(self.types.lists[params as usize..params as usize + n_params as usize].to_vec())
    }
}
