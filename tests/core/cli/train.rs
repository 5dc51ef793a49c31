//! Command lines of `train` that cannot work, each refused in one sentence before anything is made.

use facespace::cli::train_terminal::step_line;
use facespace::train::observer::{PassedOver, Progress, Stage};
use facespace::train::{presets, toml_file};

use super::Desk;

/// With the settings of a run of the preset `tiny` in `r`.
fn with_run() -> Desk {
    let desk = Desk::empty();
    desk.put("r/config.toml", toml_file::to_toml(&presets::tiny()).unwrap());
    desk
}

#[test]
fn without_pictures_there_is_nothing_to_train_on() {
    let desk = Desk::empty();
    desk.run("train --run r").refused("Nothing was given to train on");
    desk.run("train --run r --preset tiny --json -").refused("--synthetic");
    desk.run("train --data x").misread("--run");
    desk.run("train --run r --data x --synthetic 100").misread("cannot be used with");
    desk.run("train --run r --synthetic 8").misread("32..=");
    desk.run("train --run r --data x y --preset tiny").failed(1, &[("no such file or folder", "x")]);
    assert!(desk.files().is_empty());
}

#[test]
fn settings_that_are_none_are_named() {
    let desk = Desk::empty();
    let train = |options: &str| desk.run(&format!("train --run r --synthetic 32 {options}"));
    train("--preset huge").refused("There is no preset \"huge\"; choose one of small-data, tiny");
    train("--preset tiny --set batch.sise=8").refused("There is no setting batch.sise; perhaps batch.size is meant");
    train("--preset tiny --set batch.size=many").refused("batch.size must be");
    train("--preset tiny --set batch.size=-4").refused("batch.size must be");
    train("--preset tiny --set model.width=7").refused("even number");
    train("--preset tiny --set batch.size").misread("is no setting; write section.field=value");
    train("--preset tiny --stages two").misread("choose all, autoencoder, disentangle or joint");
    train("--preset tiny --config c.toml").misread("cannot be used with");
    train("--preset tiny --recogniser gone.safetensors").failed(1, &[("no such file or folder", "gone.safetensors")]);
    let start_from = "--preset tiny --set model.start_from=gone.safetensors";
    train(start_from).failed(1, &[("no such file or folder", "gone.safetensors")]);
    assert!(desk.files().is_empty());
}

#[test]
fn a_file_of_settings_that_cannot_be_used_is_named() {
    let desk = Desk::empty();
    desk.put("newer.toml", "version = 99\nfuture = true\n");
    desk.put("torn.toml", "preset = \"tiny\"\n[batch\nsize = 8\n");
    desk.put("wrong.toml", "preset = \"tiny\"\n[batch]\nsize = \"large\"\n");
    let before = desk.files();
    for (name, says) in [
        ("newer.toml", "use a newer facespace"),
        ("torn.toml", "no valid TOML"),
        ("wrong.toml", "batch.size must be"),
        ("gone.toml", "The settings cannot be read"),
    ] {
        desk.run(&format!("train --run r --synthetic 32 --config {name}")).failed(1, &[(says, name)]);
    }
    desk.put("good.toml", "preset = \"tiny\"\n");
    desk.run("train --run r --config good.toml").refused("Nothing was given to train on");
    desk.run("train --run r --synthetic 32 --config good.toml --json good.toml")
        .failed(2, &[("overwrite", "good.toml")]);
    assert_eq!(desk.files().len(), before.len() + 1);
}

#[test]
fn a_later_stage_needs_the_earlier_ones() {
    let desk = Desk::empty();
    let train = |stage: &str| desk.run(&format!("train --run r --synthetic 32 --preset tiny --stages {stage}"));
    train("disentangle").refused("Stage two needs networks that have learned pictures");
    train("joint").refused("Stage three needs networks that have stage two behind them");
    assert!(desk.files().is_empty());

    let mut config = presets::tiny();
    (config.disentangle.cached_steps, config.disentangle.cycle_steps) = (0, 0);
    desk.put("r/config.toml", toml_file::to_toml(&config).unwrap());
    desk.run("train --run r --resume --stages joint").refused("resume a run with --stages disentangle first");
}

#[test]
fn a_run_is_resumed_as_what_it_is() {
    let desk = with_run();
    desk.put("c.toml", "preset = \"tiny\"\n");
    desk.run("train --run gone --resume").failed(1, &[("no training here", "gone")]);
    desk.run("train --run r --resume --preset paper")
        .failed(2, &[("began with the preset tiny and not with paper", "r")]);
    desk.run("train --run r --resume --data c.toml").refused("leave out --data and --synthetic");
    desk.run("train --run r --resume --synthetic 64").refused("leave out --data and --synthetic");
    desk.run("train --run r --resume --config c.toml").refused("leave out --config");
    assert_eq!(desk.files(), ["c.toml", "r/config.toml"]);

    desk.put("new/config.toml", "version = 99\n");
    desk.run("train --run new --resume").failed(1, &[("use a newer facespace", "new/config.toml")]);
}

#[test]
fn a_checkpoint_to_go_on_from_is_one_that_is_there() {
    let desk = with_run();
    desk.run("train --run r --from best").misread("--resume");
    desk.run("train --run r --resume --from oldest").misread("say best, newest or a step");
    assert_eq!(desk.files(), ["r/config.toml"]);
    desk.run("train --run r --resume --from 7")
        .failed(1, &[("There is no checkpoint of step 7; there is none at all", "r/checkpoints")]);
}

#[test]
fn the_line_has_the_numbers_of_the_window() {
    let progress = Progress {
        stage: Stage::Cycle,
        step: 120,
        steps: 5000,
        losses: vec![("inverse", 0.25), ("cycle", 0.5)],
        steps_per_second: 12.5,
        pictures_per_second: 400.0,
        seconds_left: Some(304.0),
        waiting_share: 0.04,
        memory_mb: Some(812.0),
        passed_over: PassedOver::default(),
    };
    let numbers = "5 min left  12.5 steps/s  400.0 pictures/s  4 % waiting  812 MB";
    assert_eq!(step_line(&progress, None), format!("cycle 120 of 5000  {numbers}  inverse 0.250 cycle 0.500"));
}

#[test]
fn a_folder_that_cannot_take_a_run_is_named() {
    let desk = with_run();
    desk.put("file", "in the way");
    let train = |run: &str| desk.run(&format!("train --run {run} --synthetic 32 --preset tiny"));
    train("r").failed(1, &[("There is a training here already", "r")]);
    train("file/run").failed(1, &[("folder to write into", "file/run")]);

    let lock = std::fs::File::create(desk.path("r/lock")).unwrap();
    lock.try_lock().unwrap();
    train("r").failed(1, &[("A training runs in this folder already", "r")]);
    desk.run("train --run r --resume").failed(1, &[("A training runs in this folder already", "r")]);
}
