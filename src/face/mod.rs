//! What a face is: its code and parts, edits, transfers, the geometry of the crop. Plain Rust and serde; this room
//! knows no tensors, no window and no file system.

pub mod crop;
