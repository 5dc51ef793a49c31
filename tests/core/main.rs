//! Tests of the library without a window and without a GPU.

mod nn;
