//! Trainings as a window sees them, with a shell script in the place of the program: it waits in its run directory for
//! what the test wants it to do.

mod ends;
mod looks;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use facespace::engine::DeviceChoice;
use facespace::engine::training::{RunState, RunView, Stages, TrainData, TrainRequest, TrainingEvent, Trainings, Word};
use facespace::train::metrics::{Line, Metrics};
use facespace::train::observer::Stage;
use facespace::train::presets;
use facespace::train::run_dir::{RunDir, State, Status, StatusFile};
use tempfile::TempDir;

use super::LONG;

/// Does what it finds in RUN/do, and ends by itself when the test is over.
const SCRIPT: &str = r#"
for argument in "$@"; do case "$argument" in --run=*) run="${argument#--run=}";; esac; done
printf '%s\n' "$@" > "$run/.arguments"
mv "$run/.arguments" "$run/arguments"
turns=0
while [ -d "$run" ] && [ $turns -lt 3000 ]; do
    if [ -e "$run/do" ]; then mv "$run/do" "$run/doing"; . "$run/doing"; fi
    turns=$((turns + 1))
    sleep 0.02
done
"#;

/// A run directory and the script beside it.
struct Desk {
    folder: TempDir,
    run: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("script"), SCRIPT).unwrap();
        Desk { run: folder.path().join("run"), folder }
    }

    fn window(&self) -> Window {
        let before = vec![OsString::from(self.folder.path().join("script"))];
        let trainings = Trainings::start_with(PathBuf::from("sh"), before).unwrap();
        let (wake, woken) = mpsc::channel();
        trainings.wake_by(super::bell(wake));
        Window { trainings, woken }
    }

    fn request(&self) -> TrainRequest {
        TrainRequest {
            run_dir: self.run.clone(),
            data: TrainData::Synthetic(400),
            preset: "tiny".to_owned(),
            device: DeviceChoice::Cpu,
            stages: Stages::All,
            settings: vec![("batch.size".to_owned(), "8".to_owned())],
            recogniser: None,
            resume: false,
        }
    }

    /// A window in which the training has been started; with the process's number.
    fn started(&self) -> (Window, u32) {
        let window = self.window();
        window.trainings.begin(self.request());
        assert_eq!(window.event(), TrainingEvent::Started { run_dir: self.run.clone() });
        wait_for(&self.run.join("arguments"));
        self.tell("echo $$ > \"$run/.pid\"; mv \"$run/.pid\" \"$run/pid\"");
        wait_for(&self.run.join("pid"));
        let pid = fs::read_to_string(self.run.join("pid")).unwrap().trim().parse().unwrap();
        (window, pid)
    }

    /// Has the script do something.
    fn tell(&self, what: &str) {
        let path = self.run.join("do");
        let waits = Instant::now();
        while path.exists() {
            assert!(waits.elapsed() < LONG, "nobody does anything");
            thread::sleep(Duration::from_millis(5));
        }
        fs::write(path.with_extension("new"), what).unwrap();
        fs::rename(path.with_extension("new"), path).unwrap();
    }

    fn write_status(&self, status: &Status) {
        StatusFile::new(self.run.join(RunDir::STATUS)).write_now(status).unwrap();
    }

    /// As a training that this process holds has it.
    fn runs(&self, pid: u32) -> Status {
        let status = Status {
            state: State::Running,
            pid,
            stage: Some(Stage::Autoencoder),
            step: 120,
            steps: 1000,
            device: "CPU".to_owned(),
            ..Status::default()
        };
        self.write_status(&status);
        status
    }

    fn write_config(&self) {
        fs::create_dir_all(&self.run).unwrap();
        // The file is there before the run is opened by its name.
        self.write_status(&Status::default());
        let run = RunDir::open(&self.run).unwrap();
        run.write_config(&presets::tiny()).unwrap();
    }

    /// What is left of one, by its name.
    fn checkpoint(&self, step: u64) {
        fs::create_dir_all(self.run.join(RunDir::CHECKPOINTS).join(format!("step-{step:08}"))).unwrap();
    }

    /// Holds the run's lock as a training does.
    fn lock(&self) -> fs::File {
        fs::create_dir_all(&self.run).unwrap();
        let lock = fs::File::create(self.run.join(RunDir::LOCK)).unwrap();
        lock.try_lock().unwrap();
        lock
    }

    fn metrics(&self, steps: impl Iterator<Item = u64>) {
        let mut metrics = Metrics::open(&self.run.join(RunDir::METRICS)).unwrap();
        for step in steps {
            let losses = [("reconstruction".to_owned(), step as f64 / 10.0)].into();
            metrics.append(&Line::Losses { step, stage: Stage::Autoencoder, losses }).unwrap();
        }
    }
}

struct Window {
    trainings: Trainings,
    woken: Receiver<()>,
}

impl Window {
    /// Sleeps until `look` finds something, as a window does that is only woken.
    fn wait<T>(&self, mut look: impl FnMut(&Trainings) -> Option<T>) -> T {
        loop {
            if let Some(found) = look(&self.trainings) {
                return found;
            }
            self.woken.recv_timeout(LONG).expect("nothing came");
        }
    }

    fn event(&self) -> TrainingEvent {
        self.wait(Trainings::next)
    }

    fn view(&self, is_it: impl Fn(&RunView) -> bool) -> Arc<RunView> {
        self.wait(|trainings| trainings.view().filter(|view| is_it(view)))
    }

    /// The sentence with which the training ended, which comes next.
    fn end(&self) -> String {
        match self.event() {
            TrainingEvent::Ended { sentence, .. } => sentence,
            other => panic!("{other:?}"),
        }
    }
}

fn wait_for(path: &Path) {
    let waits = Instant::now();
    while !path.exists() {
        assert!(waits.elapsed() < LONG, "{} never came", path.display());
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_training_is_started_and_seen() {
    let desk = Desk::new();
    let (window, pid) = desk.started();
    let arguments = fs::read_to_string(desk.run.join("arguments")).unwrap();
    let run = format!("--run={}", desk.run.display());
    let expected = [
        "train",
        "--quiet",
        &run,
        "--device=cpu",
        "--synthetic=400",
        "--preset=tiny",
        "--stages=all",
        "--set=batch.size=8",
    ];
    assert_eq!(arguments.lines().collect::<Vec<_>>(), expected);
    let view = window.view(|view| view.alive);
    assert_eq!((view.state, view.step), (RunState::Preparing, 0));

    desk.write_config();
    desk.metrics((10..=120).step_by(10));
    desk.runs(pid);
    let view = window.view(|view| view.state == RunState::Running && view.preset == "tiny" && !view.curves.is_empty());
    assert_eq!((view.step, view.steps, view.stage.as_str()), (120, 1000, "autoencoder"));
    assert_eq!(view.curves[0].points.len(), 12);
    assert_eq!(view.curves[0].points[11], [120.0, 12.0]);
    assert!(view.alive && !view.can_resume && !view.can_edit && view.weights.is_none());
    desk.tell("exit 0");
    window.end();
}

#[test]
fn the_log_takes_what_the_training_says() {
    let desk = Desk::new();
    let (window, _) = desk.started();
    desk.tell("echo this; echo that >&2; exit 0");
    window.end();
    assert_eq!(fs::read_to_string(desk.run.join(RunDir::LOG)).unwrap(), "this\nthat\n");
}

#[test]
fn a_word_reaches_the_training_once_it_hears() {
    let desk = Desk::new();
    let (window, pid) = desk.started();
    window.trainings.send(Word::Pause);
    window.view(|view| view.alive);
    let control = desk.run.join(RunDir::CONTROL);
    assert!(!control.exists(), "it would count as said to an earlier training");
    desk.runs(pid);
    wait_for(&control);
    assert_eq!(fs::read_to_string(&control).unwrap().trim(), "pause");
    window.trainings.send(Word::Stop);
    let waits = Instant::now();
    while fs::read_to_string(&control).unwrap().trim() != "stop" {
        assert!(waits.elapsed() < LONG);
        thread::sleep(Duration::from_millis(5));
    }
    desk.tell("exit 0");
    window.end();
}

#[test]
fn a_word_to_nobody_is_refused() {
    let desk = Desk::new();
    let window = desk.window();
    window.trainings.send(Word::Save);
    let nothing = TrainingEvent::Failed("No run is chosen; choose one first".to_owned());
    assert_eq!(window.event(), nothing);
    desk.write_config();
    window.trainings.watch(Some(desk.run.clone()));
    window.trainings.send(Word::Save);
    let TrainingEvent::Failed(sentence) = window.event() else { panic!("it was sent") };
    assert!(sentence.starts_with("No training runs here now; resume it first: "), "{sentence}");
    assert!(!desk.run.join(RunDir::CONTROL).exists());
}

#[test]
fn what_cannot_be_started_says_why() {
    let desk = Desk::new();
    let refusal = |window: &Window| match window.event() {
        TrainingEvent::NotStarted(sentence) => sentence,
        other => panic!("{other:?}"),
    };

    // Two trainings in one folder.
    let lock = desk.lock();
    let window = desk.window();
    window.trainings.begin(desk.request());
    let sentence = refusal(&window);
    assert!(sentence.starts_with("A training runs in this folder already; "), "{sentence}");
    assert!(sentence.ends_with(&format!(": {}", desk.run.display())), "{sentence}");
    drop(lock);

    // A folder that cannot be there.
    let request = TrainRequest { run_dir: desk.folder.path().join("script/run"), ..desk.request() };
    window.trainings.begin(request);
    let sentence = refusal(&window);
    assert!(sentence.contains("; ") && sentence.ends_with("script/run"), "{sentence}");

    // A program that is gone.
    let trainings = Trainings::start_with(desk.folder.path().join("gone"), Vec::new()).unwrap();
    let (wake, woken) = mpsc::channel();
    trainings.wake_by(super::bell(wake));
    let window = Window { trainings, woken };
    window.trainings.begin(desk.request());
    let sentence = refusal(&window);
    assert!(sentence.starts_with("The training could not be started") && sentence.ends_with("gone"), "{sentence}");
}

#[test]
fn the_window_never_waits_and_its_thread_ends_with_it() {
    let desk = Desk::new();
    let (window, pid) = desk.started();
    desk.runs(pid);
    window.view(|view| view.state == RunState::Running);
    let started = Instant::now();
    for _ in 0..1000 {
        window.trainings.watch(Some(desk.run.clone()));
        window.trainings.preview(1);
        while window.trainings.next().is_some() {}
        let _ = window.trainings.view();
    }
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());

    let other = desk.window();
    let held = Arc::new(());
    let trainings = Trainings::start_with(PathBuf::from("sh"), Vec::new()).unwrap();
    let theirs = Arc::clone(&held);
    trainings.wake_by(move || {
        let _ = &theirs;
    });
    trainings.watch(Some(desk.run.clone()));
    let started = Instant::now();
    drop(trainings);
    assert!(started.elapsed() < Duration::from_secs(1));
    assert_eq!(Arc::strong_count(&held), 1, "the thread is gone");
    drop(other);
    desk.tell("exit 0");
}
