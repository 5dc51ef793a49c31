//! `facespace devices`, `facespace weights` and `facespace bench`.

use facespace::face::Part;

use super::Desk;

#[test]
fn devices_names_the_cpu_and_what_auto_takes() {
    let desk = Desk::empty();
    let missing = [("FACESPACE_FAULT_GPU", "missing")];
    let run = desk.run_with(&missing, "devices --quiet --json r.json").ok();
    assert!(run.stdout.starts_with("cpu    CPU") && run.stdout.trim_end().ends_with("(auto)"), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 1);
    assert_eq!(desk.json("r.json")["results"]["auto"], "cpu");

    let broken = [("FACESPACE_FAULT_GPU", "broken")];
    let run = desk.run_with(&broken, "devices --quiet --json r.json").ok();
    assert!(run.stdout.contains("gpu:0  Pretend GPU (discrete, None)  (auto)"), "{}", run.stdout);
    assert_eq!(desk.json("r.json")["results"]["gpus"][0]["name"], "Pretend GPU");

    if cfg!(not(feature = "gpu")) {
        assert_eq!(desk.run_with(&missing, "devices").stderr, "This build has no GPU support\n");
    }
}

#[test]
fn weights_show_says_what_where_from_and_on_what_terms() {
    let desk = Desk::empty();
    let run = desk.run("weights show --json r.json").ok();
    for label in ["name", "preset", "width", "size", "made by", "data", "terms", "expressions", "yaw", "samples"] {
        assert!(run.stdout.lines().any(|line| line.starts_with(label)), "{label} in {}", run.stdout);
    }
    let results = desk.json("r.json")["results"].clone();
    assert_eq!(results["samples"], 12);
    assert!(results["expressions"].as_array().unwrap().iter().any(|name| name == "happy"));
    assert!(results["card"]["terms"].as_str().unwrap().len() > 10);
    assert!(results["bytes"].as_u64().unwrap() <= 50_000_000);

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/weights/light.safetensors");
    assert_eq!(desk.run(&format!("weights show {path}")).ok().stdout, run.stdout);
}

#[test]
fn weights_show_draws_its_samples() {
    let desk = Desk::empty();
    desk.run("weights show --samples faces").ok();
    let names: Vec<String> = (1..=12).map(|i| format!("faces/sample-{i:02}.png")).collect();
    assert_eq!(desk.files_in("faces"), names);
    assert_eq!(desk.picture("faces/sample-12.png").dimensions(), (128, 128));
}

#[test]
fn weights_build_needs_a_model_and_shards() {
    let desk = Desk::empty();
    desk.put("text.safetensors", "no weights at all");
    desk.put("shards/readme.txt", "no shards");
    let build = |from: &str, data: &str| desk.run(&format!("weights build --from {from} --data {data} --name x -o w"));
    build("no.safetensors", "shards").failed(1, &[("cannot be read", "no.safetensors")]);
    build("text.safetensors", "nowhere").failed(1, &[("", "nowhere")]);
    build("text.safetensors", "shards").failed(1, &[("", "shards")]);
    assert_eq!(desk.files(), ["shards/readme.txt", "text.safetensors"]);
}

/// Takes a minute or two: `cargo test --no-default-features --test core -- --ignored bench`.
#[test]
#[ignore = "slow"]
fn bench_measures_both_widths() {
    let desk = Desk::empty();
    let run = desk.run("bench --runs 3 --pictures 8 --json r.json").ok();
    assert!(run.stdout.contains("width 32") && run.stdout.contains("width 64"), "{}", run.stdout);
    assert!(run.stdout.contains("start to first picture"));
    let results = desk.json("r.json")["results"].clone();
    for width in ["32", "64"] {
        for what in ["edit", "encode"] {
            let timing = &results["width"][width][what];
            assert_eq!(timing["runs"], 3);
            assert!(timing["median_ms"].as_f64().unwrap() > 0.0);
        }
        assert!(results["width"][width]["folder_per_second"].as_f64().unwrap() > 0.0);
    }
    for (what, runs) in [("find", 3), ("paste", 3), ("refine", 1)] {
        assert_eq!(results["photograph"][what]["runs"], runs, "{what}");
        assert!(results["photograph"][what]["median_ms"].as_f64().unwrap() > 0.0, "{what}");
    }
}

#[test]
fn bench_train_measures_every_stage_and_the_parts_of_a_step() {
    let desk = Desk::empty();
    let run = desk.run("bench --train --width 2 --batch 2 --runs 3 --json r.json").ok();
    for word in ["width 2, 2 pictures a step", "autoencoder", "PCA start", "disentangle", "cycle", "backward"] {
        assert!(run.stdout.contains(word), "{word} in {}", run.stdout);
    }
    let results = desk.json("r.json")["results"].clone();
    let stages = results["training"].as_array().unwrap();
    let names: Vec<&str> = stages.iter().map(|figures| figures["stage"].as_str().unwrap()).collect();
    assert_eq!(names, ["autoencoder", "pca-start", "disentangle", "cycle"]);
    for figures in stages {
        assert_eq!((figures["width"].as_u64(), figures["batch"].as_u64()), (Some(2), Some(2)));
        assert_rate(&figures["pictures_per_second"]);
    }

    let parts = stages[0]["parts"].as_array().unwrap();
    let names: Vec<&str> = parts.iter().map(|part| part["name"].as_str().unwrap()).collect();
    let in_order = [
        "E forward",
        "G forward",
        "losses on pixels",
        "D_z and D_x forward",
        "backward",
        "optimiser",
        "discriminators' steps",
        "averages",
    ];
    assert_eq!(names, in_order);
    let sum: f64 = parts.iter().map(|part| part["share"].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-6, "{sum}");
    assert_rate(&stages[0]["with_loading"]["pictures_per_second"]);
    assert!((0.0..=1.0).contains(&stages[0]["with_loading"]["waiting_share"].as_f64().unwrap()));
    assert_eq!(desk.files(), ["r.json"]);
}

#[track_caller]
fn assert_rate(rate: &serde_json::Value) {
    let [min, median, max] = ["min", "median", "max"].map(|name| rate[name].as_f64().unwrap());
    assert!(0.0 < min && min <= median && median <= max, "{rate}");
    assert_eq!(rate["runs"], 3);
}

#[test]
fn bench_train_refuses_what_cannot_be_trained() {
    let desk = Desk::empty();
    desk.run("bench --train --width 3").misread("even");
    desk.run("bench --train --batch 1").misread("1");
    desk.run("bench --width 32").misread("--train");
}

#[test]
fn bench_search_measures_and_keeps_what_it_searched() {
    let desk = Desk::empty();
    let run = desk.run("bench --search --faces 3000 --runs 3 --keep kept --json r.json").ok();
    for word in ["3000 faces", "four parts", "one part", "GB/s", "while searching", "ms to load"] {
        assert!(run.stdout.contains(word), "{word} in {}", run.stdout);
    }
    let search = desk.json("r.json")["results"]["search"].clone();
    assert_eq!((search["faces"].as_u64(), search["top"].as_u64()), (Some(3000), Some(20)));
    let rows = search["rows"].as_array().unwrap();
    assert_eq!(rows.iter().map(|row| row["selected"].as_u64().unwrap()).collect::<Vec<u64>>(), [3000, 3000, 300]);
    assert!(
        rows.iter().all(|row| row["milliseconds"]["runs"] == 3 && row["gigabytes_per_second"].as_f64() > Some(0.0))
    );
    assert_eq!(search["index"]["load_milliseconds"]["runs"], 3);
    assert!(search["index"]["megabytes_on_disk"].as_f64() > Some(1.0));

    let bytes = desk.bytes("kept/codes.npy");
    let file = npyz::NpyFile::new(&bytes[..]).unwrap();
    assert_eq!(file.shape(), [3000, 99]);
    let codes: Vec<f32> = file.into_vec().unwrap();
    let bytes = desk.bytes("kept/query.npy");
    let query: Vec<f32> = npyz::NpyFile::new(&bytes[..]).unwrap().into_vec().unwrap();
    let hits = desk.json("kept/hits.json");
    let place = hits["places"][0].as_u64().unwrap() as usize;
    let of_part = |part: Part| {
        let pairs = codes[99 * place..].iter().zip(&query).skip(part.range().start).take(part.range().len());
        match part {
            Part::Pose => 1.0 - pairs.map(|(a, b)| (a - b) * (a - b)).sum::<f32>() / 2.0,
            _ => pairs.map(|(a, b)| a * b).sum::<f32>(),
        }
    };
    let weights = Part::ALL.iter().enumerate().map(|(i, _)| hits["search"]["weights"][i].as_f64().unwrap() as f32);
    let sum: f32 = weights.clone().zip(Part::ALL).map(|(weight, part)| weight * of_part(part)).sum();
    let score = hits["scores"][0].as_f64().unwrap() as f32;
    assert!((sum / weights.map(f32::abs).sum::<f32>() - score).abs() < 1e-5, "{hits}");
    assert_eq!(desk.files(), ["kept/codes.npy", "kept/hits.json", "kept/query.npy", "r.json"]);

    desk.run("bench --faces 10").misread("--search");
    desk.run("bench --search --train").misread("--train");
    desk.run("bench --search --faces 0").misread("0");
}
