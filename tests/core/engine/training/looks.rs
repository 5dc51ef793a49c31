//! What is read of a run directory: new lines of the metrics, new weights, sheets of pictures, other runs.

use std::fs;
use std::thread;
use std::time::Duration;

use facespace::engine::DeviceChoice;
use facespace::engine::training::{CURVE_POINTS, RunState, RunView, TrainData, TrainRequest, TrainingEvent};
use facespace::train::metrics::{HeldOut, Line, Metrics};
use facespace::train::observer::Stage;
use facespace::train::run_dir::{RunDir, State, Status};
use image::{Rgb, RgbImage};

use super::Desk;

/// Those of the first curve, if there is one.
fn points_of(view: &RunView) -> &[[f64; 2]] {
    view.curves.first().map_or(&[], |curve| &curve.points)
}

#[test]
fn new_weights_are_told_and_old_ones_are_not() {
    let desk = Desk::new();
    let lock = desk.lock();
    let status = Status { weights_step: Some(100), ..desk.runs(1) };
    desk.write_status(&status);
    let weights = desk.run.join(RunDir::WEIGHTS);
    fs::write(&weights, "weights").unwrap();
    let window = desk.window();
    window.trainings.watch(Some(desk.run.clone()));
    let view = window.view(|view| view.alive);
    assert_eq!((view.weights.as_ref(), view.can_edit), (Some(&weights), false));
    assert_eq!(window.trainings.next(), None);
    desk.write_status(&Status { weights_step: Some(200), can_edit: true, ..status });
    let told = TrainingEvent::NewWeights { run_dir: desk.run.clone(), path: weights, step: 200, can_edit: true };
    assert_eq!(window.event(), told);
    drop(lock);
}

#[test]
fn only_what_changed_wakes_the_window() {
    let desk = Desk::new();
    let _lock = desk.lock();
    desk.runs(1);
    let window = desk.window();
    window.trainings.watch(Some(desk.run.clone()));
    window.view(|view| view.alive);
    thread::sleep(Duration::from_millis(100));
    while window.woken.try_recv().is_ok() {}
    assert!(window.woken.recv_timeout(Duration::from_millis(900)).is_err());
    desk.metrics([10].into_iter());
    window.view(|view| view.curves.len() == 1);
}

#[test]
fn curves_grow_line_by_line_and_stay_small() {
    let desk = Desk::new();
    let _lock = desk.lock();
    desk.runs(1);
    desk.metrics(1..=10);
    let window = desk.window();
    window.trainings.watch(Some(desk.run.clone()));
    let view = window.view(|view| !view.curves.is_empty());
    assert_eq!(
        view.curves[0].points,
        (1..=10).map(|step| [f64::from(step), f64::from(step) / 10.0]).collect::<Vec<_>>()
    );

    // Half a line counts once its end is there.
    let path = desk.run.join(RunDir::METRICS);
    let line = "{\"step\":11,\"stage\":\"autoencoder\",\"losses\":{\"reconstruction\":1.1}}\n";
    let before = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{before}{}", &line[..30])).unwrap();
    thread::sleep(Duration::from_millis(600));
    assert_eq!(points_of(&window.trainings.view().unwrap()).len(), 10);
    fs::write(&path, format!("{before}{line}no metrics\n")).unwrap();
    window.view(|view| points_of(view).len() == 11);

    desk.metrics(12..=9000);
    let view = window.view(|view| points_of(view).last().is_some_and(|point| point[0] > 8990.0));
    let points = points_of(&view);
    assert!((CURVE_POINTS / 2..=CURVE_POINTS).contains(&points.len()), "{}", points.len());
    assert!(points.is_sorted_by(|a, b| a[0] < b[0]));
    assert!(points.iter().all(|[step, value]| (step / 10.0 - value).abs() < 1e-9));
}

#[test]
fn metrics_that_a_resumed_training_cut_off_are_read_anew() {
    let desk = Desk::new();
    let _lock = desk.lock();
    desk.runs(1);
    desk.metrics(1..=50);
    let window = desk.window();
    window.trainings.watch(Some(desk.run.clone()));
    window.view(|view| points_of(view).len() == 50);
    Metrics::open(&desk.run.join(RunDir::METRICS)).unwrap().truncate_after(20).unwrap();
    window.view(|view| points_of(view).len() == 20);

    // And where it has grown past its former length before anybody looked.
    let path = desk.run.join(RunDir::METRICS);
    let text = fs::read_to_string(&path).unwrap().replace("\"reconstruction\"", "\"something else\"");
    fs::write(&path, text.repeat(3)).unwrap();
    window.view(|view| view.curves.len() == 1 && view.curves[0].name == "something else");
}

#[test]
fn held_out_errors_and_tables_are_shown() {
    let desk = Desk::new();
    let _lock = desk.lock();
    desk.runs(1);
    let mut metrics = Metrics::open(&desk.run.join(RunDir::METRICS)).unwrap();
    let held_out =
        HeldOut { rmse: 20.0, rmse_train: 19.0, rmse_mean_face: 40.0, rmse_pca_99: 18.0, sharpness: 0.8, n: 100 };
    metrics.append(&Line::HeldOut { step: 100, stage: Stage::Autoencoder, held_out }).unwrap();
    let table = serde_json::json!({"read": {"yaw": {"own": 0.9, "rest": 0.25}, "person": {"own": 1, "rest": null}}});
    metrics.append(&Line::Table { step: 100, stage: Stage::Disentangle, table }).unwrap();
    let table = serde_json::json!({"list": {"faces": 9, "rows": [{"attribute": "yaw", "from_part": [0.5, 0.25]}]}});
    metrics.append(&Line::Table { step: 110, stage: Stage::Disentangle, table }).unwrap();
    let window = desk.window();
    window.trainings.watch(Some(desk.run.clone()));
    let view = window.view(|view| view.tables.len() == 2);
    assert_eq!((view.held_out[0].step, view.held_out[0].rmse, view.held_out[0].rmse_pca_99), (100, 20.0, 18.0));
    let table = &view.tables[0];
    assert_eq!((table.title.as_str(), &table.columns[..]), ("read", &["", "own", "rest"].map(str::to_owned)[..]));
    let mut rows = table.rows.clone();
    rows.sort();
    assert_eq!(rows, [["person", "1", ""], ["yaw", "0.900", "0.250"]].map(|row| row.map(str::to_owned).to_vec()));
    let list = &view.tables[1];
    assert_eq!(list.columns, ["attribute", "from part"]);
    assert_eq!(list.rows, [["yaw", "0.500  0.250"]]);
}

#[test]
fn sheets_of_pictures_are_listed_and_opened() {
    let desk = Desk::new();
    let _lock = desk.lock();
    desk.runs(1);
    let folder = desk.run.join(RunDir::PREVIEWS);
    fs::create_dir_all(&folder).unwrap();
    let sheet = RgbImage::from_pixel(64, 96, Rgb([9, 8, 7]));
    for step in [1200, 100] {
        sheet.save(folder.join(format!("step-{step:08}.png"))).unwrap();
    }
    fs::write(folder.join("step-00001200.json"), r#"{"columns":2,"rows":["photograph","pose","random"],"side":32}"#)
        .unwrap();
    let window = desk.window();
    window.trainings.watch(Some(desk.run.clone()));
    assert_eq!(window.view(|view| !view.previews.is_empty()).previews, [100, 1200]);
    window.trainings.preview(1200);
    let TrainingEvent::Preview { step: 1200, picture, columns: 2, rows } = window.event() else { panic!("no sheet") };
    assert_eq!((&*picture, rows), (&sheet, ["photograph", "pose", "random"].map(str::to_owned).to_vec()));
    for missing in [100, 7] {
        window.trainings.preview(missing);
        let TrainingEvent::Failed(sentence) = window.event() else { panic!("a sheet of {missing}") };
        assert!(!sentence.is_empty());
    }
}

#[test]
fn runs_are_listed() {
    let desk = Desk::new();
    desk.write_config();
    let status = Status { state: State::Stopped, ..desk.runs(1) };
    desk.write_status(&status);
    let window = desk.window();
    window.trainings.list(desk.folder.path().to_owned());
    let TrainingEvent::Listed(runs) = window.event() else { panic!("no list") };
    assert_eq!(runs.len(), 1);
    assert_eq!((&runs[0].run_dir, runs[0].preset.as_str(), runs[0].step), (&desk.run, "tiny", 120));
    assert_eq!(runs[0].state, RunState::Stopped);
}

#[test]
fn memory_is_estimated_before_a_start() {
    let desk = Desk::new();
    let window = desk.window();
    let megabytes = |request: TrainRequest| {
        window.trainings.estimate(request);
        match window.event() {
            TrainingEvent::Estimated { megabytes, on_gpu: false, .. } => megabytes,
            other => panic!("{other:?}"),
        }
    };
    let small = megabytes(desk.request());
    // No machine has so many GPUs; the CPU takes over.
    assert_eq!(megabytes(TrainRequest { device: DeviceChoice::GpuAt(99), ..desk.request() }), small);
    let settings = vec![("batch.size".to_owned(), "64".to_owned())];
    let large = megabytes(TrainRequest { settings, ..desk.request() });
    assert!(0 < small && small < large, "{small} and {large}");
    assert!(!desk.run.exists(), "nothing was begun");

    for (request, says) in [
        (TrainRequest { preset: "huge".to_owned(), ..desk.request() }, "There is no preset"),
        (TrainRequest { settings: vec![("batch.sise".into(), "1".into())], ..desk.request() }, "batch.sise"),
        (TrainRequest { resume: true, data: TrainData::AsBefore, ..desk.request() }, "There is no training here"),
    ] {
        window.trainings.estimate(request);
        let TrainingEvent::Failed(sentence) = window.event() else { panic!("{says}") };
        assert!(sentence.contains(says), "{sentence}");
    }
}
