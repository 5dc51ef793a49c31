//! `facespace runs`.

use facespace::train::metrics::{HeldOut, Line};
use facespace::train::observer::Stage;
use facespace::train::presets;
use facespace::train::run_dir::{RunDir, State, Status};

use super::Desk;

fn run(desk: &Desk, name: &str, state: State, step: u64) -> RunDir {
    let run = RunDir::create(&desk.path(name)).unwrap();
    run.write_config(&presets::tiny()).unwrap();
    let status = Status {
        state,
        stage: Some(Stage::Cycle),
        step,
        steps: 1000,
        seconds: 3725.0,
        pictures: 800,
        ..Status::begun("CPU")
    };
    run.status_file().write_now(&status).unwrap();
    let mut metrics = run.metrics().unwrap();
    for rmse in [22.25, 23.5] {
        let held_out =
            HeldOut { rmse, rmse_train: 20.0, rmse_mean_face: 61.0, rmse_pca_99: 25.75, sharpness: 0.8, n: 50 };
        metrics.append(&Line::HeldOut { step, stage: Stage::Cycle, held_out }).unwrap();
    }
    run
}

#[test]
fn runs_are_listed_and_compared() {
    let desk = Desk::empty();
    drop(run(&desk, "runs/long-name", State::Finished, 1000));
    drop(run(&desk, "runs/dead", State::Running, 70));
    let _held = run(&desk, "runs/live", State::Running, 80);
    let out = desk.run("runs runs --json r.json").ok().stdout;
    let lines: Vec<Vec<&str>> = out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines.len(), 4, "{out}");
    assert_eq!(lines[0][..4], ["run", "preset", "state", "stage"]);
    assert_eq!(lines[1][..5], ["dead", "tiny", "killed", "cycle", "70/1000"]);
    assert_eq!(lines[1][5..], ["22.25", "23.50", "25.75", "61.00", "1", "h", "2", "min", "800"]);
    assert_eq!(lines[2][..4], ["live", "tiny", "running", "cycle"]);
    assert_eq!(lines[3][..3], ["long-name", "tiny", "finished"]);
    // Columns stand under each other.
    let place = |line: &str, word: &str| line.find(word).unwrap();
    let text: Vec<&str> = out.lines().collect();
    assert_eq!(place(text[0], "preset"), place(text[1], "tiny"));

    let report = desk.json("r.json");
    let rows = report["results"]["runs"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["state"], "killed");
    assert_eq!(rows[0]["rmse_best"], 22.25);
    assert_eq!(rows[2]["step"], 1000);
}

#[test]
fn one_run_may_be_named_itself() {
    let desk = Desk::empty();
    drop(run(&desk, "one", State::Stopped, 5));
    for name in ["one", "one/."] {
        let out = desk.run(&format!("runs {name}")).ok().stdout;
        assert!(out.lines().nth(1).unwrap().starts_with("one "), "{out}");
    }
}

#[test]
fn a_folder_without_runs_is_refused() {
    let desk = Desk::empty();
    desk.put("empty/picture.png", "none");
    desk.run("runs empty").failed(1, &[("No training was found here", "empty")]);
    desk.run("runs nowhere").failed(1, &[("The folder cannot be read", "nowhere")]);
    desk.run("runs").misread("<DIR>");
}

#[test]
fn a_run_of_a_newer_program_does_not_hide_the_others() {
    let desk = Desk::empty();
    drop(run(&desk, "runs/a", State::Stopped, 5));
    desk.put("runs/b/config.toml", "version = 9\n");
    let out = desk.run("runs runs");
    assert_eq!(out.stdout.lines().count(), 3, "{}", out.stdout);
    out.failed(1, &[("of version 9", "runs/b/config.toml")]);
}
