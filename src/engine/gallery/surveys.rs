//! The thread for what takes seconds on a large index, so that searches never wait for it: groups, maps, duplicates,
//! exports. It works on codes that it is handed and on an index that it opens itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use super::super::crew;
use super::super::guard::guarded;
use super::super::ticket::Ticket;
use super::thread::crashed;
use super::{FaceGroup, FaceKey, GalleryEvent, GroupsAnswer, Shared, Voice};
use crate::face::Part;
use crate::gallery::export::{Format, export};
use crate::gallery::{Codes, Groups, Index, Pins, duplicates, grouping, map};

/// Something to work out.
pub(super) enum Task {
    Group {
        number: u64,
        threshold: f32,
        codes: Arc<Codes>,
        pins: Pins,
        /// Of the index that the codes are of.
        generation: u64,
    },
    Map(Ticket, Part, Arc<Codes>),
    Duplicates(Ticket, Arc<Codes>),
    /// The index at the first path into a file at the second.
    Export(Ticket, PathBuf, PathBuf),
}

pub(super) struct Surveys {
    shared: Arc<Shared>,
    tasks: Receiver<Task>,
    voice: Voice,
}

impl Surveys {
    pub fn new(shared: Arc<Shared>, tasks: Receiver<Task>, voice: Voice) -> Self {
        Surveys { shared, tasks, voice }
    }

    /// Works until the gallery's thread has ended.
    pub fn run(self) {
        while let Ok(task) = self.tasks.recv() {
            match task {
                _ if self.shared.stopped() => return,
                Task::Group { number, threshold, codes, pins, generation } => {
                    self.group(number, threshold, &codes, &pins, generation);
                }
                Task::Map(ticket, part, codes) => {
                    self.answer(&ticket, |number, _| Ok(Some(mapped(number, part, &codes))));
                }
                Task::Duplicates(ticket, codes) => self.answer(&ticket, |number, stop| {
                    let groups = duplicates::duplicates(&codes, stop);
                    Ok(groups.map(|groups| GalleryEvent::Duplicates {
                        number,
                        groups: groups.iter().map(|group| keys(&codes, group)).collect(),
                    }))
                }),
                Task::Export(ticket, folder, path) => {
                    self.answer(&ticket, |number, _| exported(number, &folder, path).map(Some));
                }
            }
        }
    }

    /// A newer request, and an index that is closed, end it without an answer.
    fn group(&self, number: u64, threshold: f32, codes: &Codes, pins: &Pins, generation: u64) {
        let started = Instant::now();
        let stop = || {
            self.shared.stopped()
                || self.shared.newest_group.load(Ordering::Relaxed) != number
                || self.shared.generation() != generation
        };
        let answer = GroupsAnswer { number, threshold, ..GroupsAnswer::default() };
        let grouped = guarded(|| grouping::group(codes, pins, threshold, &stop));
        let answer = match grouped {
            Ok(None) => return,
            Ok(Some(Groups { groups })) => {
                let face_group = |group: grouping::Group| FaceGroup {
                    person: group.person,
                    members: keys(codes, &group.members),
                    name: group.name,
                };
                let groups = groups.into_iter().map(face_group).collect();
                GroupsAnswer { groups, took: started.elapsed(), ..answer }
            }
            Err(panic) => GroupsAnswer { error: Some(crashed(&panic)), ..answer },
        };
        if !stop() {
            self.shared.groups.put(answer);
            self.voice.wake();
        }
    }

    /// Work with one answer: what it returns, or that it failed or, with none, was called off.
    fn answer(
        &self,
        ticket: &Ticket,
        work: impl FnOnce(u64, &dyn Fn() -> bool) -> Result<Option<GalleryEvent>, String>,
    ) {
        let stop = || self.shared.stopped() || ticket.is_cancelled();
        self.voice.say(crew::answer(ticket, stop(), crashed, |number| work(number, &stop)));
    }
}

fn mapped(number: u64, part: Part, codes: &Codes) -> GalleryEvent {
    let map = map::map(codes, part);
    GalleryEvent::Map { number, part, keys: codes.keys().to_vec(), points: map.points, explained: map.explained }
}

fn exported(number: u64, folder: &Path, path: PathBuf) -> Result<GalleryEvent, String> {
    let format = Format::from_path(&path).map_err(|e| e.to_string())?;
    let index = Index::open(folder).map_err(|e| e.to_string())?;
    let faces = export(&index, &path, format).map_err(|e| e.to_string())?;
    Ok(GalleryEvent::Exported { number, path, faces })
}

/// The faces at some places of the codes.
fn keys(codes: &Codes, places: &[usize]) -> Vec<FaceKey> {
    places.iter().map(|place| codes.keys()[*place]).collect()
}
