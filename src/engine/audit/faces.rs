//! The thread that tells and draws the face that is looked at, step by step, and then those that come next. A newer
//! look waits for the step in hand alone, so that going through a list quickly queues nothing up. Its networks are its
//! own; they are opened when a face is first looked at, and closed with the audit.

use std::iter;
use std::sync::Arc;

use super::super::guard::guarded;
use super::super::networks::EngineError;
use super::super::thumbnails::thumbnail;
use super::super::worker::{Worker, computed};
use super::protocol::Looked;
use super::shown::{Kept, Shown, Stage};
use super::thread::NONE_OPEN;
use super::view::Ledger;
use super::{AuditEvent, Card, FaceKey, Opening, RgbImage, Setup, Shared, Voice, crashed, sentence};
use crate::face::FaceCode;
use crate::gallery::Index;

/// How many faces are made ready before they are looked at.
const AHEAD: usize = 4;

/// Which face is looked at.
pub(super) struct Look {
    pub number: u64,
    /// Of the audit that it is a face of.
    pub generation: u64,
    pub face: FaceKey,
    /// Those that probably come next.
    pub ahead: Vec<FaceKey>,
}

impl Look {
    /// The faces that are wanted, the most urgent first.
    fn faces(&self) -> Vec<FaceKey> {
        iter::once(self.face).chain(self.ahead.iter().copied().take(AHEAD)).collect()
    }
}

/// The audit that is open now, if one is; with the generation of the one before, it is that one read anew.
pub(super) struct Turn {
    pub generation: u64,
    pub ledger: Option<Arc<Ledger>>,
}

/// The audit whose faces are looked at.
struct Source {
    ledger: Arc<Ledger>,
    /// Opened here once more, since reading pictures takes its time.
    index: Result<Index, String>,
}

pub(super) struct Faces {
    shared: Arc<Shared>,
    voice: Voice,
    open: Opening,
    setup: Setup,
    /// None before a face was looked at, and after a crash.
    worker: Option<Box<dyn Worker>>,
    generation: u64,
    source: Option<Source>,
    look: Option<Look>,
    kept: Kept,
}

impl Faces {
    pub fn new(shared: Arc<Shared>, voice: Voice, open: Opening) -> Self {
        let (setup, kept) = (Setup::default(), Kept::default());
        Faces { shared, voice, open, setup, worker: None, generation: 0, source: None, look: None, kept }
    }

    /// Works until it is told to stop.
    pub fn run(mut self) {
        let bell = Arc::clone(&self.shared.faces_bell);
        bell.work(|| {
            self.hear();
            self.turn()
        });
    }

    /// Takes what is new.
    fn hear(&mut self) {
        // First, since it was asked after the others were said.
        let look = self.shared.look.take();
        if let Some(setup) = self.shared.setup.take() {
            (self.setup, self.worker) = (setup, None);
            self.kept.clear();
        }
        if let Some(turn) = self.shared.turn.take() {
            self.turn_to(turn);
        }
        if let Some(look) = look.filter(|look| look.generation == self.generation) {
            self.look_at(look);
        }
    }

    fn turn_to(&mut self, turn: Turn) {
        self.kept.clear();
        if turn.generation != self.generation {
            (self.generation, self.look) = (turn.generation, None);
        }
        if turn.ledger.is_none() {
            self.worker = None;
        }
        self.source = turn.ledger.map(|ledger| {
            let index = guarded(|| Index::open(ledger.index()).map_err(sentence));
            Source { ledger, index: index.unwrap_or_else(|panic| Err(crashed(&panic))) }
        });
    }

    fn look_at(&mut self, look: Look) {
        if self.source.is_none() {
            let Look { number, face, .. } = look;
            let error = Some(NONE_OPEN.to_owned());
            return self.say(Looked { number, face, done: true, error, ..Looked::default() });
        }
        if self.kept.get(look.face).is_some_and(Shown::has_failed) {
            // Whatever was wrong may be right by now.
            self.kept.take(look.face);
        }
        self.look = Some(look);
        self.publish();
    }

    /// Takes the next step for the face that is looked at, or else for one that comes next; false if there is none.
    fn turn(&mut self) -> bool {
        let Some(look) = &self.look else { return false };
        let (wanted, looked_at) = (look.faces(), look.face);
        let is_open = |face: &FaceKey| self.kept.get(*face).is_none_or(|shown| !shown.is_done());
        let Some(face) = wanted.iter().copied().find(is_open) else { return false };
        let mut shown = self.kept.take(face).unwrap_or_else(|| Shown::new(face));
        self.step(&mut shown);
        self.kept.put(shown, &wanted);
        if face == looked_at {
            self.publish();
        }
        true
    }

    fn step(&mut self, shown: &mut Shown) {
        let stage = shown.stage;
        let outcome = guarded(|| self.find_out(stage, &mut shown.looked));
        shown.stage = match outcome.unwrap_or_else(|panic| Err(crashed(&panic))) {
            Ok(()) => stage.next(),
            Err(sentence) => {
                // The first thing that went wrong says most.
                shown.looked.error.get_or_insert(sentence);
                stage.after_failure()
            }
        };
    }

    fn find_out(&mut self, stage: Stage, looked: &mut Looked) -> Result<(), String> {
        let Some(card) = looked.card.clone() else {
            let card = self.source()?.ledger.audit().card(looked.face).map_err(sentence)?;
            looked.neighbours = vec![None; card.neighbours.len()];
            looked.card = Some(Arc::new(card));
            return Ok(());
        };
        let [given, predicted] = &card.counterfactual;
        match stage {
            Stage::Card | Stage::Done => (),
            Stage::Input => looked.input = Some(Arc::new(self.index()?.crop(looked.face).map_err(sentence)?)),
            Stage::Neighbours => {
                let index = self.index()?;
                looked.neighbours = card.neighbours.iter().map(|face| thumbnail(index, face.face)).collect();
            }
            Stage::Reconstruction => looked.reconstruction = Some(self.picture_by_its_model(&card.code)?),
            Stage::Given => looked.counterfactuals[0] = Some(self.picture(&given.1)?),
            Stage::Predicted => {
                let same = looked.counterfactuals[0].clone().filter(|_| given == predicted);
                looked.counterfactuals[1] = Some(same.map_or_else(|| self.picture(&predicted.1), Ok)?);
            }
            Stage::Reading => self.read(&card, looked)?,
        }
        Ok(())
    }

    /// Reads what the reconstruction shows, where nobody has before.
    fn read(&mut self, card: &Card, looked: &mut Looked) -> Result<(), String> {
        let Some(picture) = looked.reconstruction.clone().filter(|_| card.reconstruction.is_none()) else {
            return Ok(());
        };
        let code = self.compute(|worker| worker.face(&picture))?.to_array();
        let read = self.source()?.ledger.audit().read_reconstruction(looked.face, &code);
        let (probabilities, qualities) = read.map_err(sentence)?;
        looked.card = Some(Arc::new(Card { reconstruction: Some(probabilities), qualities, ..card.clone() }));
        Ok(())
    }

    /// The picture of a code of the audit; a sentence where the networks are not those that it is of.
    fn picture_by_its_model(&mut self, code: &FaceCode) -> Result<Arc<RgbImage>, String> {
        let used = self.compute(|worker| Ok(worker.about().model()))?;
        self.source()?.ledger.audit().require(&used).map_err(sentence)?;
        self.picture(code)
    }

    fn source(&self) -> Result<&Source, String> {
        self.source.as_ref().ok_or_else(|| NONE_OPEN.to_owned())
    }

    fn index(&self) -> Result<&Index, String> {
        self.source()?.index.as_ref().map_err(String::clone)
    }

    fn picture(&mut self, code: &FaceCode) -> Result<Arc<RgbImage>, String> {
        self.compute(|worker| worker.picture(code)).map(Arc::new)
    }

    /// Has the networks compute something. Ones that crash are opened anew for what comes next.
    fn compute<T>(&mut self, work: impl FnOnce(&mut dyn Worker) -> Result<T, EngineError>) -> Result<T, String> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.open.open(&self.setup)?,
        };
        let notice = |notice| self.voice.say(AuditEvent::Notice(notice));
        let outcome = computed(&mut *worker, notice, work);
        if !matches!(outcome, Err(EngineError::Crashed(_))) {
            self.worker = Some(worker);
        }
        outcome.map_err(sentence)
    }

    /// Says what is known of the face that is looked at, if anything is.
    fn publish(&self) {
        let (Some(look), Some(Source { ledger, .. })) = (&self.look, &self.source) else { return };
        let Some(shown) = self.kept.get(look.face) else { return };
        let mut looked = Looked { number: look.number, done: shown.is_done(), ..shown.looked.clone() };
        if let Some(card) = &mut looked.card {
            let verdict = ledger.verdict(card.face);
            if card.verdict != verdict {
                Arc::make_mut(card).verdict = verdict;
            }
        }
        self.say(looked);
    }

    fn say(&self, looked: Looked) {
        self.shared.looked.put((self.generation, looked));
        self.voice.wake();
    }
}
