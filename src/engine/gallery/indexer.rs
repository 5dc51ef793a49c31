//! The thread that builds indexes, with networks that it opens for each build alone: the window's stay free, and after
//! the build their memory is.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Instant;

use image::RgbImage;

use super::super::crew::{closed, outcome};
use super::super::open::every_face_by;
use super::super::search::Search;
use super::super::ticket::{Orders, Ticket};
use super::super::worker::{Opener, computed};
use super::thread::Order;
use super::view::BETWEEN;
use super::{Build, GalleryEvent, Report, Shared};
use crate::face::{CODE_DIM, ModelName};

use crate::gallery::{GalleryError, Index, Progress, Tools, update};

pub(super) struct Indexer {
    shared: Arc<Shared>,
    builds: Receiver<(Ticket, Build)>,
    orders: Orders<Order>,
    search: Search,
    open: Box<Opener>,
}

impl Indexer {
    pub fn new(
        shared: Arc<Shared>,
        builds: Receiver<(Ticket, Build)>,
        orders: Orders<Order>,
        search: Search,
        open: Box<Opener>,
    ) -> Self {
        Indexer { shared, builds, orders, search, open }
    }

    /// Works until the handle is gone.
    pub fn run(self) {
        while let Ok((ticket, build)) = self.builds.recv() {
            if self.shared.stopped() {
                return;
            }
            let number = ticket.number();
            let crashed = |panic: &str| {
                let place = build.folder.display();
                format!("The index could not be built ({panic}); please report it, what is stored stays: {place}")
            };
            let outcome = outcome(&ticket, crashed, || self.build(&ticket, &build));
            // What was stored is shown, however it ended.
            self.orders.send(Order::Grown { folder: build.folder.clone(), last: true });
            let folder = build.folder;
            let built = |report| GalleryEvent::Built { number, folder, report: Box::new(report) };
            self.orders.send(Order::Say(closed(number, outcome.map(|report| report.map(built)))));
        }
    }

    /// None where it was called off before there was anything to report.
    fn build(&self, ticket: &Ticket, build: &Build) -> Result<Option<Report>, String> {
        let stop = || self.shared.stopped() || ticket.is_cancelled();
        let setup = &build.setup;
        let mut worker = (self.open)(setup).map_err(|sentence| setup.weights.named(sentence))?;
        for notice in worker.take_notices() {
            self.orders.send(Order::Say(GalleryEvent::Notice(notice)));
        }
        if stop() {
            return Ok(None);
        }
        let mut index = begun(build, &worker.about().model()).map_err(|e| e.to_string())?;
        self.orders.send(Order::Grown { folder: build.folder.clone(), last: false });
        let search = &self.search;
        let look = |photo: &RgbImage, enough: &dyn Fn() -> bool| every_face_by(search, photo, enough);
        let notice = |notice| self.orders.send(Order::Say(GalleryEvent::Notice(notice)));
        let mut encode = |crops: &[RgbImage]| -> Result<Vec<[f32; CODE_DIM]>, String> {
            computed(&mut *worker, notice, |worker| worker.codes(crops)).map_err(|e| e.to_string())
        };
        let (mut faces, mut told) = (0, Instant::now());
        let mut watch = |progress: Progress| {
            ticket.expect(progress.total);
            ticket.reach(progress.done);
            if progress.faces != faces && told.elapsed() >= BETWEEN {
                (faces, told) = (progress.faces, Instant::now());
                self.orders.send(Order::Grown { folder: build.folder.clone(), last: false });
            }
            !stop()
        };
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let tools = Tools { look: &look, encode: &mut encode, threads };
        let report = update(&mut index, &build.add, tools, &mut watch).map_err(|e| e.to_string())?;
        if !report.cancelled {
            // The last files may be stored after the last look at them.
            ticket.reach(ticket.progress().1);
        }
        Ok(Some(report))
    }
}

/// The index to build: a new one, or the one that is there where it is of this model or may be rebuilt with it.
fn begun(build: &Build, model: &ModelName) -> Result<Index, GalleryError> {
    let mut index = Index::begin(&build.folder, model, &build.add)?;
    match index.require(model) {
        Err(GalleryError::OtherModel { .. }) if build.rebuild => index.rebuild(model)?,
        outcome => outcome?,
    }
    Ok(index)
}
