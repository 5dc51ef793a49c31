use facespace::nn::losses::geometry::{MEASURES, MIN_FACES, PoseFree, measures};

const OPENING: usize = 0;
const CORNERS: usize = 3;
const CHIN: usize = 6;
const EYES: usize = 7;
const BROWS: usize = 8;

type Landmarks = [[f32; 2]; 68];

/// A calm face, drawn by hand: eyes at (44, 56) and (84, 56), mouth at (64, 96), chin at (64, 120).
fn calm() -> Landmarks {
    let ring = |centre: [f32; 2], radius: [f32; 2], share: f32| {
        let (sin, cos) = (share * std::f32::consts::TAU).sin_cos();
        [centre[0] - radius[0] * cos, centre[1] - radius[1] * sin]
    };
    std::array::from_fn(|i| {
        let along = |first: usize| (i - first) as f32;
        match i {
            0..17 => ring([64.0, 70.0], [44.0, 50.0], -along(0) / 32.0),
            17..22 => [32.0 + 5.0 * along(17), 44.0 - 4.0 * (along(17) / 4.0 * 3.0).sin()],
            22..27 => [76.0 + 5.0 * along(22), 44.0 - 4.0 * ((4.0 - along(22)) / 4.0 * 3.0).sin()],
            27..31 => [64.0, 56.0 + 6.0 * along(27)],
            31..36 => [56.0 + 4.0 * along(31), 80.0],
            36..42 => ring([44.0, 56.0], [7.0, 3.0], along(36) / 6.0),
            42..48 => ring([84.0, 56.0], [7.0, 3.0], along(42) / 6.0),
            48..60 => ring([64.0, 96.0], [16.0, 6.0], along(48) / 12.0),
            _ => ring([64.0, 96.0], [11.0, 1.0], along(60) / 8.0),
        }
    })
}

fn moved(face: &Landmarks, places: &[usize], by: [f32; 2]) -> Landmarks {
    let mut face = *face;
    for &place in places {
        face[place] = [face[place][0] + by[0], face[place][1] + by[1]];
    }
    face
}

fn assert_same(found: [f32; MEASURES], expected: [f32; MEASURES]) {
    let equal = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-4);
    assert!(equal, "{found:?} is not {expected:?}");
}

#[test]
fn lengths_of_the_calm_face_as_by_hand() {
    let found = measures(&calm());
    // The eyes lie 40 apart. Inner lips: points 62 and 66 at 95 and 97, 61 and 67 (63 and 65) nearer by sin 45 degrees.
    let opening = (2.0 + 2.0 * 2.0 * 45.0_f32.to_radians().sin()) / 3.0 / 40.0;
    assert!((found[OPENING] - opening).abs() < 1e-4, "{found:?}");
    assert!((found[1] - 32.0 / 40.0).abs() < 1e-4, "width of the mouth, 48 to 80: {found:?}");
    assert!((found[2] - 12.0 / 40.0).abs() < 1e-4, "height of the lips, 90 to 102: {found:?}");
    assert!(found[CORNERS].abs() < 1e-4, "corners level with the middle: {found:?}");
    assert!((found[5] - 22.0 / 40.0).abs() < 1e-4, "lower lip at 102 below the nose at 80: {found:?}");
    assert!((found[CHIN] - 1.0).abs() < 1e-4, "chin at 120 below the nose at 80: {found:?}");
    // Lids at 60 degrees on a ring of 3: 6 sin 60.
    assert!((found[EYES] - 6.0 * 60.0_f32.to_radians().sin() / 40.0).abs() < 1e-4, "{found:?}");
    assert!((found[10] - 24.0 / 40.0).abs() < 1e-4, "from brow to brow, 52 to 76: {found:?}");
}

#[test]
fn each_movement_changes_its_measure_and_leaves_the_rest() {
    let calm_measures = measures(&calm());
    let changed = |face: Landmarks| -> Vec<usize> {
        let found = measures(&face);
        (0..MEASURES).filter(|&i| (found[i] - calm_measures[i]).abs() > 1e-4).collect()
    };
    let open = moved(&calm(), &[65, 66, 67], [0.0, 8.0]);
    assert!((measures(&open)[OPENING] - calm_measures[OPENING] - 8.0 / 40.0).abs() < 1e-4);
    assert_eq!(changed(open), [OPENING, CORNERS], "the middle of the inner lips sinks as well");
    let smile = moved(&calm(), &[48, 54], [0.0, -3.0]);
    assert!(measures(&smile)[CORNERS] < -0.05 && calm_measures[CORNERS].abs() < 1e-4);
    assert_eq!(changed(smile), [CORNERS, CORNERS + 1]);
    let brows: Vec<usize> = (17..27).collect();
    let raised = moved(&calm(), &brows, [0.0, -4.0]);
    assert!(measures(&raised)[BROWS] > calm_measures[BROWS] + 0.05);
    assert_eq!(changed(raised), [BROWS, BROWS + 1]);
    assert_eq!(changed(moved(&calm(), &[8], [0.0, 4.0])), [CHIN]);
}

#[test]
fn shift_size_and_turn_change_nothing() {
    let expected = measures(&calm());
    for (turn_deg, size, shift) in [(0.0, 1.0, [30.0, -12.0]), (0.0, 2.5, [0.0, 0.0]), (37.0, 0.4, [500.0, 20.0])] {
        let (sin, cos) = f32::to_radians(turn_deg).sin_cos();
        let face = calm().map(|[x, y]| [size * (cos * x - sin * y) + shift[0], size * (sin * x + cos * y) + shift[1]]);
        assert_same(measures(&face), expected);
    }
}

#[test]
fn a_degenerate_face_has_finite_measures() {
    assert!(measures(&[[5.0, 5.0]; 68]).iter().all(|number| number.is_finite()));
}

/// 0..1, without a pattern.
fn noise(i: usize, salt: usize) -> f32 {
    let value = ((i * 37 + salt * 101 + 1) as f32 * 12.9898).sin() * 43_758.547;
    value - value.floor()
}

/// What the pose does to measure `i`: much more than the expression does.
fn planted(i: usize, [yaw, pitch, roll]: [f32; 3]) -> f32 {
    let scale = (i + 1) as f32 / 10.0;
    let (yaw, pitch, roll) = (yaw / 30.0, pitch / 30.0, roll / 30.0);
    scale * (1.0 + 2.0 * yaw - pitch + yaw * yaw - 0.5 * pitch * roll + 0.3 * roll * roll)
}

fn face(number: usize) -> ([f32; MEASURES], [f32; 3], [f32; MEASURES]) {
    let pose = std::array::from_fn(|axis| [80.0, 50.0, 30.0][axis] * (noise(number, axis) - 0.5));
    let own: [f32; MEASURES] = std::array::from_fn(|i| 0.05 * (noise(number, 10 + i) - 0.5));
    (std::array::from_fn(|i| planted(i, pose) + own[i]), pose, own)
}

#[test]
fn what_the_pose_does_is_taken_out() {
    let rows: Vec<_> = (0..1000).map(|number| (face(number).0, face(number).1)).collect();
    let free = PoseFree::fit(&rows).unwrap();
    let deviation = 0.05 / 12.0_f32.sqrt();
    let mut squares = [0.0_f32; MEASURES];
    for number in 0..1000 {
        let (measured, pose, own) = face(number);
        let found = free.apply(&measured, pose);
        for ((square, found), own) in squares.iter_mut().zip(found).zip(own) {
            *square += found * found / 1000.0;
            // What is left is the face's own part over its deviation, but for the error of ten fitted terms.
            assert!((found - own / deviation).abs() < 1.0, "{number}: {found} of {}", own / deviation);
        }
    }
    assert!(squares.iter().all(|square| (square - 1.0).abs() < 1e-3), "standardised: {squares:?}");
}

#[test]
fn one_expression_in_two_poses_is_one_point() {
    let rows: Vec<_> = (0..1000).map(|number| (face(number).0, face(number).1)).collect();
    let free = PoseFree::fit(&rows).unwrap();
    let (ahead, aside) = ([0.0, 0.0, 0.0], [35.0, -15.0, 10.0]);
    let seen = |pose| free.apply(&std::array::from_fn(|i| planted(i, pose)), pose);
    let raw = planted(3, aside) - planted(3, ahead);
    assert!(raw / 0.015 > 50.0, "the pose moves the measure by many deviations: {raw}");
    for (a, b) in seen(ahead).iter().zip(seen(aside)) {
        assert!((a - b).abs() < 0.6, "{a} and {b}");
    }
}

#[test]
fn too_few_faces_and_faces_without_numbers_are_not_fitted() {
    let rows: Vec<_> = (0..MIN_FACES).map(|number| (face(number).0, face(number).1)).collect();
    assert!(PoseFree::fit(&rows).is_some());
    assert!(PoseFree::fit(&rows[1..]).is_none());
    let mut broken = rows.clone();
    broken[3].1[0] = f32::NAN;
    assert!(PoseFree::fit(&broken).is_none());
}

#[test]
fn an_angle_that_never_changes_and_a_measure_that_never_changes_do_no_harm() {
    let rows: Vec<_> = (0..100)
        .map(|number| {
            let (mut measured, [yaw, pitch, _], _) = face(number);
            measured[2] = 0.25;
            (measured, [yaw, pitch, 0.0])
        })
        .collect();
    let free = PoseFree::fit(&rows).unwrap();
    let found = free.apply(&rows[0].0, rows[0].1);
    assert!(found.iter().all(|number| number.is_finite()));
    assert!(found[2].abs() < 0.1, "{found:?}");
}
