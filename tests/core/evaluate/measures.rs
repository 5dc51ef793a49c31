//! What the measures make of numbers that look random, for `benches/measures.py`, where scikit-learn, SciPy and NumPy
//! make the same figures of the same numbers.

use std::{env, fs};

use facespace::evaluate::bootstrap;
use facespace::evaluate::disentanglement::{self, Attribute, Values};
use facespace::evaluate::reconstruction::{COMPONENTS, Linear, Tally};
use facespace::evaluate::retrieval::{self, Known};
use facespace::evaluate::verification::{self, Pair, SUBSETS, Verified};
use facespace::evaluate::{Subset, auc, average_precision, folds, frechet};
use facespace::face::{Expression, FaceCode, Part};
use facespace::nn::Code;
use image::RgbImage;
use serde_json::{Value, json};

use super::{Noise, go_on, plant};

const SEED: u64 = 7;
const SIDE: u32 = 6;

#[test]
#[ignore = "writes the file that benches/measures.py reads; FACESPACE_MEASURES says where"]
fn measures_are_written_for_python() {
    let path = env::var_os("FACESPACE_MEASURES").expect("FACESPACE_MEASURES names the file to write");
    let mut noise = Noise::new(71);
    let all = json!({
        "auc": areas(&mut noise),
        "one_vs_rest": classes(&mut noise),
        "verification": verified(&mut noise),
        "frechet": frechet_distance(&mut noise),
        "reconstruction": reconstructed(&mut noise),
        "pca": components(&mut noise),
        "retrieval": retrieved(&mut noise),
        "disentanglement": disentangled(&mut noise),
        "bootstrap": interval(&mut noise),
    });
    fs::write(path, all.to_string()).unwrap();
}

/// Scores with many ties.
fn areas(noise: &mut Noise) -> Value {
    let scores: Vec<f32> = (0..500).map(|_| (noise.next() * 20.0).round()).collect();
    let positive: Vec<bool> = scores.iter().map(|score| score + 15.0 * noise.next() > 5.0).collect();
    json!({
        "scores": scores,
        "positive": positive,
        "area": auc::auc(&scores, &positive),
        "average_precision": average_precision::average_precision(&scores, &positive),
    })
}

fn classes(noise: &mut Noise) -> Value {
    let labels: Vec<Expression> = (0..300).map(|i| Expression::ALL[i % 7 % 5]).collect();
    let row = |label: &Expression| -> Vec<f32> {
        (0..8).map(|class| noise.next() + if class == label.index() { 0.4 } else { 0.0 }).collect()
    };
    let scores: Vec<Vec<f32>> = labels.iter().map(row).collect();
    let found = auc::one_vs_rest(&scores, &labels, SEED).unwrap();
    json!({
        "scores": scores,
        "labels": labels.iter().map(|label| label.index()).collect::<Vec<_>>(),
        "areas": found.classes.iter().map(|class| (class.class.index(), class.auc.value)).collect::<Vec<_>>(),
        "mean": found.mean.value,
    })
}

/// Faces of thirty people whose identities differ, a little of which leaks into style.
fn people(noise: &mut Noise, count: usize) -> (Vec<Code>, Vec<usize>) {
    let looks: Vec<[f32; 6]> = (0..30).map(|_| std::array::from_fn(|_| noise.next())).collect();
    let who: Vec<usize> = (0..count).map(|face| face % 30).collect();
    let code = |&person: &usize| {
        let mut code = noise.code(0.4);
        for (place, look) in looks[person].iter().enumerate() {
            plant(&mut code, Part::Identity, place, *look);
            plant(&mut code, Part::Style, place, 0.4 * *look);
        }
        FaceCode::from_array(&code).unwrap().to_array()
    };
    let codes = who.iter().map(code).collect();
    (codes, who)
}

fn rows(codes: &[Code]) -> Vec<Vec<f32>> {
    codes.iter().map(|code| code.to_vec()).collect()
}

fn verified(noise: &mut Noise) -> Value {
    let (codes, who) = people(noise, 240);
    let pair = |i: usize| {
        let other = if i.is_multiple_of(2) { i * 7 + 30 } else { i * 11 + 1 };
        let (a, b) = (i * 7 % 240, other % 240);
        Pair { a, b, same: who[a] == who[b], fold: i / 40 }
    };
    let pairs: Vec<Pair> = (0..400).map(pair).collect();
    let found = verification::verify(&codes, &pairs, SEED).unwrap();
    let part = |(subset, part): (Subset, &Verified)| {
        json!({
            "reads": part.reads,
            "places": subset.places(),
            "accuracy": part.accuracy.value,
            "area": part.auc.value,
        })
    };
    json!({
        "codes": rows(&codes),
        "pairs": pairs.iter().map(|pair| json!([pair.a, pair.b, pair.same, pair.fold])).collect::<Vec<_>>(),
        "parts": SUBSETS.into_iter().zip(&found.parts).map(part).collect::<Vec<_>>(),
        "gap": found.gap.value,
    })
}

/// Rows of which each number takes a part of the one before it.
fn frechet_distance(noise: &mut Noise) -> Value {
    let mut drawn = |count: usize, carried: f32, shift: f32| -> Vec<Vec<f32>> {
        let row = |_| {
            let mut last = 0.0;
            let next = |_| {
                last = carried * last + noise.next() + shift;
                last
            };
            (0..32).map(next).collect()
        };
        (0..count).map(row).collect()
    };
    let (real, made) = (drawn(500, 0.8, 0.0), drawn(400, 0.5, 0.05));
    json!({ "real": real, "made": made, "distance": frechet::distance(&real, &made, SEED).unwrap().value })
}

/// A picture whose neighbouring levels are alike.
fn picture(noise: &mut Noise) -> RgbImage {
    let mut level = 128.0f32;
    let next = |_| {
        level = (0.7 * level + 38.0 + 100.0 * noise.next()).clamp(0.0, 255.0);
        level as u8
    };
    RgbImage::from_raw(SIDE, SIDE, (0..SIDE * SIDE * 3).map(next).collect()).unwrap()
}

fn levels(pictures: &[RgbImage]) -> Vec<&Vec<u8>> {
    pictures.iter().map(RgbImage::as_raw).collect()
}

fn reconstructed(noise: &mut Noise) -> Value {
    let originals: Vec<RgbImage> = (0..20).map(|_| picture(noise)).collect();
    let made: Vec<RgbImage> = (0..20).map(|_| picture(noise)).collect();
    let mut tally = Tally::default();
    originals.iter().zip(&made).for_each(|(original, made)| tally.add(original, made));
    let found = tally.finish(SEED).unwrap();
    json!({
        "side": SIDE,
        "originals": levels(&originals),
        "made": levels(&made),
        "rmse": found.rmse.value,
        "rmse_authors": found.rmse_authors.value,
        "mae": found.mae.value,
        "sharpness": found.sharpness.value,
    })
}

fn components(noise: &mut Noise) -> Value {
    let pictures: Vec<RgbImage> = (0..150).map(|_| picture(noise)).collect();
    let (train, test) = pictures.split_at(130);
    let mut given = |i: usize| Ok::<RgbImage, String>(train[i].clone());
    let linear = Linear::of_others(train.len(), SEED, &mut given).unwrap().unwrap();
    let made = linear.made(0, test);
    let rmse = |which: usize| {
        let mut tally = Tally::default();
        test.iter().zip(&made).for_each(|(original, made)| tally.add(original, &made[which]));
        tally.finish(SEED).unwrap().rmse.value
    };
    json!({
        "train": levels(train),
        "test": levels(test),
        "components": COMPONENTS,
        "rmse": [rmse(0), rmse(1)],
    })
}

fn retrieved(noise: &mut Noise) -> Value {
    let (codes, who) = people(noise, 120);
    let names: Vec<String> = who.iter().map(usize::to_string).collect();
    let known: Vec<Known> = names.iter().map(|name| Known { person: Some(name), ..Known::default() }).collect();
    let found = retrieval::table(&codes, &known, SEED, &mut go_on).unwrap().unwrap();
    let by_identity = found[0].by.iter().find(|by| by.reads == "f_id").unwrap();
    json!({
        "codes": rows(&codes),
        "people": who,
        "places": Part::Identity.range().collect::<Vec<_>>(),
        "precision": by_identity.precision.value,
        "average_precision": by_identity.average_precision.value,
    })
}

fn disentangled(noise: &mut Noise) -> Value {
    let (mut codes, who) = people(noise, 240);
    let yaw: Vec<f32> = codes.iter().map(|code| code[0] + 0.3 * code[40] + 0.2 * noise.next()).collect();
    let class: Vec<usize> = (0..240).map(|face| [0, 0, 0, 2, 5][face / 30 % 5]).collect();
    codes.iter_mut().zip(&class).for_each(|(code, class)| plant(code, Part::Expression, *class, 0.25));
    let attribute = |name: &str, part, values| Attribute { name: name.to_owned(), part, values };
    let attributes = [
        attribute("yaw", Part::Pose, Values::Numbers(yaw.clone())),
        attribute("class", Part::Expression, Values::Classes(class.clone())),
    ];
    let found = disentanglement::table(&codes, &who, &attributes, SEED).unwrap();
    let row = |row: &disentanglement::Row| {
        let place = |part: Part| part.range().collect::<Vec<_>>();
        json!({
            "attribute": row.attribute,
            "own_places": place(row.own_part),
            "own": row.from_own().value,
            "rest": row.from_rest.value,
        })
    };
    json!({
        "codes": rows(&codes),
        "folds": folds::by_group(&who, SEED),
        "yaw": yaw,
        "class": class,
        "rows": found.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn interval(noise: &mut Noise) -> Value {
    let values: Vec<f64> = (0..80).map(|_| f64::from(noise.next()).powi(3)).collect();
    let found = bootstrap::mean(&values, SEED).unwrap();
    let range = found.interval.unwrap();
    json!({ "values": values, "mean": found.value, "low": range.low, "high": range.high })
}
