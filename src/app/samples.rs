//! The sample faces that are compiled into the program: faces that nobody has, made by this project.

/// Name and PNG of each.
pub const ALL: [(&str, &[u8]); 12] = [
    ("Sample 3", include_bytes!("../../assets/samples/sample-03.png")),
    ("Sample 1", include_bytes!("../../assets/samples/sample-01.png")),
    ("Sample 2", include_bytes!("../../assets/samples/sample-02.png")),
    ("Sample 4", include_bytes!("../../assets/samples/sample-04.png")),
    ("Sample 5", include_bytes!("../../assets/samples/sample-05.png")),
    ("Sample 6", include_bytes!("../../assets/samples/sample-06.png")),
    ("Sample 7", include_bytes!("../../assets/samples/sample-07.png")),
    ("Sample 8", include_bytes!("../../assets/samples/sample-08.png")),
    ("Sample 9", include_bytes!("../../assets/samples/sample-09.png")),
    ("Sample 10", include_bytes!("../../assets/samples/sample-10.png")),
    ("Sample 11", include_bytes!("../../assets/samples/sample-11.png")),
    ("Sample 12", include_bytes!("../../assets/samples/sample-12.png")),
];
