//! Relocatable output (`-r`): inputs become one object, section by section of equal name, relocations kept.
