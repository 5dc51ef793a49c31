//! The weights of a training in the Edit panel.

use facespace::nn::weights::Card;

use super::fake::FakeRun;
use super::*;

/// Weights from before stage two, wherever weights come from a file.
struct StageOne(Box<dyn Worker>);

impl StageOne {
    fn open(setup: &Setup) -> Result<Box<dyn Worker>, String> {
        let networks = StandIn::open(&Setup { weights: WeightsSource::Bundled, ..setup.clone() })?;
        match setup.weights {
            WeightsSource::Bundled => Ok(networks),
            WeightsSource::File(_) => Ok(Box::new(StageOne(networks))),
        }
    }
}

impl Worker for StageOne {
    fn about(&self) -> Ready {
        let ready = self.0.about();
        Ready { card: Card { can_edit: false, ..ready.card }, ..ready }
    }

    fn take_notices(&mut self) -> Vec<String> {
        self.0.take_notices()
    }

    fn picture(&mut self, face: &FaceCode) -> Result<RgbImage, EngineError> {
        self.0.picture(face)
    }

    fn face(&mut self, crop: &RgbImage) -> Result<FaceCode, EngineError> {
        self.0.face(crop)
    }

    fn refine_step(
        &mut self,
        crop: &RgbImage,
        from: &FaceCode,
        fit: &mut Option<Box<Refiner>>,
    ) -> Result<Option<Refined>, EngineError> {
        self.0.refine_step(crop, from, fit)
    }

    fn reopened(&self, device: DeviceChoice) -> Result<Box<dyn Worker>, EngineError> {
        Ok(Box::new(StageOne(self.0.reopened(device)?)))
    }
}

fn with_weights(home: &Path, can_edit: bool) -> (Driven, FakeRun) {
    let mut run = FakeRun::begun(&run_path(home, "tiny-1"));
    run.export(can_edit);
    let opener: Box<Opener> = Box::new(StageOne::open);
    let mut harness = opened_in(Opening { opener: Some(opener), ..stand_in() }.kept_in(home));
    look_at(&mut harness, "tiny-1");
    until(&mut harness, "the weights", |harness| {
        has(harness, Role::Button, "Edit with this") && !is_disabled(harness, Role::Button, "Edit with this")
    });
    (harness, run)
}

#[test]
fn weights_from_before_stage_two_reconstruct_and_sample_and_say_why_no_more() {
    let home = tempfile::tempdir().unwrap();
    let (mut harness, run) = with_weights(home.path(), false);
    assert!(says(&harness, "Before stage two the weights reconstruct and sample faces"));
    press(&mut harness, "Edit with this");
    until(&mut harness, "the sentence", |harness| {
        says(
            harness,
            "These weights were saved before stage two: they reconstruct and sample faces, but their parts have no \
             meaning yet; train on to edit",
        )
    });
    settle(&mut harness);
    for slider in ["Yaw", "Identity axis 1", "Style axis 6"] {
        assert!(is_disabled(&harness, Role::Slider, slider), "{slider}");
    }
    let before = shown(&harness);
    press(&mut harness, "New face");
    settle(&mut harness);
    assert!(shown(&harness) != before);
    press(&mut harness, "Reconstruction");
    assert!(canvas(&harness).starts_with("Reconstruction"));
    assert_eq!(run.heard(), None, "the training was touched");
}

#[test]
fn weights_from_later_are_edited_with_as_any() {
    let home = tempfile::tempdir().unwrap();
    let (harness, _run) = with_weights(home.path(), true);
    assert!(!says(&harness, "Before stage two"));
}

#[test]
fn new_weights_are_told() {
    let home = tempfile::tempdir().unwrap();
    let (mut harness, mut run) = with_weights(home.path(), false);
    run.status.step = 1500;
    run.export(false);
    let last = By::new().role(Role::Button).label_contains("The training has written new weights at step 1,500");
    until(&mut harness, "the word", |harness| harness.query_all(last.clone()).next().is_some());
}
