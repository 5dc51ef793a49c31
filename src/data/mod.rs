//! Pictures and labels from disk, and back to it.
