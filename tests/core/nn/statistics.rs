use facespace::face::{CODE_DIM, Expression, FaceCode, PART_DIM, UnitPart};
use facespace::nn::statistics::{LabelledCode, MIN_CLASS_FACES, MIN_FACES, measure};

/// Faces whose identity lies in one plane, the others of a part anywhere.
fn faces(count: usize, label: impl Fn(usize) -> Option<Expression>) -> Vec<LabelledCode> {
    let face = |n: usize| {
        let f: [f32; CODE_DIM] = std::array::from_fn(|i| match i {
            3 => (n as f32).sin(),
            4 => 0.2 * (n as f32).cos(),
            5..35 => 0.0,
            _ => ((n * 31 + i * 7) as f32).sin(),
        });
        FaceCode::from_array(&f).unwrap()
    };
    (0..count).map(|n| (face(n), label(n))).collect()
}

#[test]
fn a_class_needs_enough_pictures_for_a_mean() {
    let few = MIN_CLASS_FACES - 1;
    let class = |n: usize| Some(if n < few { Expression::Contempt } else { Expression::Happy });
    let known = |faces: &[LabelledCode]| -> Vec<Expression> {
        measure(faces).unwrap().class_means.iter().map(|(class, _)| *class).collect()
    };
    assert_eq!(known(&faces(few + 2 * MIN_CLASS_FACES, class)), [Expression::Happy]);
    assert_eq!(known(&faces(MIN_FACES, |_| None)), []);
}

#[test]
fn too_few_faces_are_not_measured() {
    assert!(measure(&faces(MIN_FACES - 1, |_| None)).is_none());
}

#[test]
fn the_axes_are_orthonormal_and_the_widest_comes_first() {
    let space = measure(&faces(500, |_| None)).unwrap();
    for part in UnitPart::ALL {
        let part = space.part(part);
        for (i, a) in part.axes.iter().enumerate() {
            for (j, b) in part.axes.iter().enumerate() {
                let dot: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
                assert!((dot - if i == j { 1.0 } else { 0.0 }).abs() < 1e-4);
            }
        }
        assert!(part.spread.is_sorted_by(|a, b| a >= b));
    }
    let identity = &space.identity;
    assert!(identity.axes[0][0] > 0.999, "the axis with the widest spread, pointing to the positive side");
    assert!(identity.spread[2..PART_DIM].iter().all(|&spread| spread < 1e-3), "identity lies in a plane");
}
