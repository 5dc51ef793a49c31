//! Everything that needs no window and no GPU.

mod face;
