//! The motion between two pictures of one face, where it is known.

use facespace::face::{Crop, PasteOptions};
use facespace::find::paste::{Change, Motion, Prepared, motion, prepare};
use image::{Rgb, RgbImage};

const SIDE: usize = 128;
const MIDDLE: f32 = 64.0;

/// Patches of light from 40 pixels down to `finest`, in 0..=255 and a little beyond; any place has its own.
pub fn texture(seed: u32, [x, y]: [f32; 2], finest: f32) -> f32 {
    let sizes = [(40.0, 110.0), (20.0, 90.0), (10.0, 70.0), (finest, 50.0)];
    let octave = |(i, (size, strength)): (usize, (f32, f32))| {
        strength * (patches(x / size + 31.0 * i as f32, y / size + 17.0 * i as f32, seed + i as u32) - 0.5)
    };
    128.0 + sizes.into_iter().enumerate().map(octave).sum::<f32>()
}

/// Random numbers from 0 to 1 at whole places, smooth between them.
fn patches(x: f32, y: f32, seed: u32) -> f32 {
    let number = |x: f32, y: f32| {
        let mixed = (x as i32 as u32).wrapping_mul(374_761_393) ^ (y as i32 as u32).wrapping_mul(668_265_263);
        let mixed = (mixed ^ seed.wrapping_mul(2_246_822_519)).wrapping_mul(1_274_126_177);
        let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(2_654_435_761);
        ((mixed ^ (mixed >> 13)) & 0xffff) as f32 / 65_535.0
    };
    let (left, top) = (x.floor(), y.floor());
    let [across, down] = [x - left, y - top].map(|t| t * t * (3.0 - 2.0 * t));
    let line = |y: f32| number(left, y) * (1.0 - across) + number(left + 1.0, y) * across;
    line(top) * (1.0 - down) + line(top + 1.0) * down
}

/// A grey picture of 128 x 128 pixels from the light at the middle of each.
fn picture(light: impl Fn([f32; 2]) -> f32) -> RgbImage {
    RgbImage::from_fn(SIDE as u32, SIDE as u32, |x, y| {
        Rgb([light([x as f32 + 0.5, y as f32 + 0.5]).round().clamp(0.0, 255.0) as u8; 3])
    })
}

type Warp = Box<dyn Fn([f32; 2]) -> [f32; 2]>;

fn rotation(degrees: f32) -> Warp {
    let (sin, cos) = degrees.to_radians().sin_cos();
    Box::new(move |place: [f32; 2]| {
        let [x, y] = place.map(|v| v - MIDDLE);
        [cos * x - sin * y - x, sin * x + cos * y - y]
    })
}

fn shift(by: [f32; 2]) -> Warp {
    Box::new(move |_| by)
}

/// Strongest below the middle, as a cheek or a mouth that moves.
fn local([right, down]: [f32; 2], width: f32) -> Warp {
    Box::new(move |[x, y]: [f32; 2]| {
        let near = (-((x - MIDDLE).powi(2) + (y - MIDDLE - 10.0).powi(2)) / (2.0 * width * width)).exp();
        [right * near, down * near]
    })
}

/// Lengths of a field over the places that `of` picks, sorted.
fn lengths(of: impl Fn([f32; 2]) -> bool, field: impl Fn(usize, usize) -> [f32; 2]) -> Vec<f32> {
    let places = (0..SIDE * SIDE).map(|i| (i % SIDE, i / SIDE));
    let picked = places.filter(|&(x, y)| of([x as f32 + 0.5, y as f32 + 0.5]));
    let mut lengths: Vec<f32> = picked.map(|(x, y)| field(x, y)).map(|[x, y]| x.hypot(y)).collect();
    lengths.sort_by(f32::total_cmp);
    lengths
}

fn median(sorted: &[f32]) -> f32 {
    sorted[sorted.len() / 2]
}

/// Median error of a motion where a mask lets anything through.
fn median_error(mask: &Prepared, warp: &Warp, found: &Motion) -> f32 {
    let inside = |place: [f32; 2]| mask.weight_at(place, &PasteOptions::default()) > 0.0;
    median(&lengths(inside, |x, y| {
        let (is, [right, down]) = (warp([x as f32 + 0.5, y as f32 + 0.5]), found.at(x, y));
        [right - is[0], down - is[1]]
    }))
}

#[test]
fn a_known_warp_is_found_to_half_a_pixel() {
    let warps: [(&str, Warp); 10] = [
        ("turned by 5 degrees", rotation(5.0)),
        ("turned by -10 degrees", rotation(-10.0)),
        ("turned by 15 degrees", rotation(15.0)),
        ("shifted by parts of a pixel", shift([2.3, -1.7])),
        ("shifted by 8 px", shift([8.0, 0.0])),
        ("shifted by 8 px upwards", shift([0.0, -8.0])),
        ("shifted by 8 px across", shift([-5.6, 5.6])),
        ("moved in one place", local([3.0, -1.8], 14.0)),
        ("moved far in one place", local([6.0, -3.6], 20.0)),
        ("enlarged", Box::new(|place: [f32; 2]| place.map(|v| 0.08 * (v - MIDDLE)))),
    ];
    let square = Crop::level([MIDDLE; 2], MIDDLE);
    // As it is; and darker, with less contrast, brighter to one side.
    for (seed, share, more, slope) in [(1, 1.0, 0.0, 0.0), (2, 0.75, 20.0, 0.15)] {
        let own = picture(|place| texture(seed, place, 5.0));
        let mask = prepare(&Change { square: &square, own: &own, edited: &own, landmarks: None });
        for (name, warp) in &warps {
            let edited = picture(|[x, y]| {
                let [right, down] = warp([x, y]);
                share * texture(seed, [x + right, y + down], 5.0) + more + slope * x
            });
            let error = median_error(&mask, warp, &motion(&own, &edited));
            assert!(error < 0.3, "{name}, texture {seed}: {error} px off");
        }
    }
}

#[test]
fn another_light_is_no_motion() {
    let own = picture(|place| texture(3, place, 5.0));
    let mut edited = picture(|place| 0.7 * texture(3, place, 5.0) + 20.0 + 0.2 * place[0]);
    edited.pixels_mut().for_each(|pixel| pixel.0[2] /= 2);
    let found = motion(&own, &edited);
    let all = lengths(|_| true, |x, y| found.at(x, y));
    assert!(median(&all) < 0.1, "{} px in the median", median(&all));
    assert!(all[all.len() - 1] < 0.8, "{} px at most", all[all.len() - 1]);
}

#[test]
fn what_stands_still_has_no_motion() {
    let own = picture(|place| texture(4, place, 5.0));
    let warp = local([4.0, -3.0], 12.0);
    let edited = picture(|[x, y]| {
        let [right, down] = warp([x, y]);
        texture(4, [x + right, y + down], 5.0)
    });
    let found = motion(&own, &edited);
    let from_moved = |[x, y]: [f32; 2]| (x - MIDDLE).hypot(y - MIDDLE - 10.0);
    let still = lengths(|place| from_moved(place) > 48.0, |x, y| found.at(x, y));
    assert!(still[still.len() - 1] < 0.2, "{} px at most", still[still.len() - 1]);
    let errors = lengths(
        |place| from_moved(place) < 12.0,
        |x, y| {
            let (is, [right, down]) = (warp([x as f32 + 0.5, y as f32 + 0.5]), found.at(x, y));
            [right - is[0], down - is[1]]
        },
    );
    assert!(median(&errors) < 0.7, "{} px off where it moved", median(&errors));
}

#[test]
fn equal_pictures_and_flat_ones_have_none() {
    let textured = picture(|place| texture(5, place, 5.0));
    let [dark, light] = [40, 200].map(|level| RgbImage::from_pixel(128, 128, Rgb([level; 3])));
    for (own, edited) in [(&textured, &textured), (&dark, &light)] {
        let found = motion(own, edited);
        let all = lengths(|_| true, |x, y| found.at(x, y));
        assert!(all[all.len() - 1] < 1e-3, "{} px at most", all[all.len() - 1]);
    }
}

#[test]
fn pictures_without_anything_in_common_have_a_finite_motion() {
    let own = picture(|place| texture(6, place, 5.0));
    let edited = picture(|place| texture(60, place, 3.0));
    let found = motion(&own, &edited);
    let all = lengths(|_| true, |x, y| found.at(x, y));
    assert!(all.iter().all(|length| length.is_finite() && *length < SIDE as f32));
}
