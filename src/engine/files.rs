//! Files for the window, off its thread: pictures opened; pictures, boards, edits and recipes saved; and devices listed,
//! which may take as long. Two pools of threads of their own, since the networks compute in the global one: a long `open` has many
//! hands, and what is short never waits behind it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::crew::Alive;
use super::device;
use super::guard::guarded;
use super::networks::EngineError;
use super::open::{Placement, Sight, sight_by};
use super::outbox::Outbox;
use super::paste_thread::pasted;
use super::protocol::{BoardEdge, BoardPicture, Event, Opened, Origin, PREVIEW_SIDE, Refused, Save, Source};
use super::search::Search;
use super::ticket::Ticket;
use crate::data::atomic::{self, WriteError};
use crate::data::image::{self as picture, Edge, MIN_SIDE, PictureError, Provenance, RgbImage, board};
use crate::data::inputs;
use crate::face::{Edit, ModelName, Recipe};

/// Requests that may be under way or wait.
const WAITING: usize = 32;
/// Pictures decoded at a time, each of up to 750 MB.
const MANY: usize = 4;
/// Threads for what is short.
const SHORT: usize = 2;

const CALLED_OFF: &str = "Saving was called off; nothing was written";

pub(super) struct Files {
    short: ThreadPool,
    many: Arc<ThreadPool>,
    search: Search,
    outbox: Outbox,
    alive: Alive,
    /// Cloned into each request; the clones are counted.
    place: Arc<()>,
}

impl Files {
    pub fn new(search: Search, outbox: Outbox, alive: Alive) -> Result<Self, EngineError> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Ok(Files {
            short: pool("files", SHORT)?,
            // One core is left to the networks.
            many: Arc::new(pool("decode", (cores - 1).clamp(1, MANY))?),
            search,
            outbox,
            alive,
            place: Arc::new(()),
        })
    }

    pub fn open(&self, ticket: Ticket, sources: Vec<(Source, Placement)>) -> Result<(), Refused> {
        let (search, outbox, many) = (self.search.clone(), self.outbox.clone(), Arc::clone(&self.many));
        ticket.expect(sources.len());
        self.submit(move |place| {
            let opening = Opening::new(search, ticket, outbox, sources);
            if opening.pictures.len() < 2 {
                opening.run();
            } else {
                // The place in the line is kept until all are tried.
                many.spawn(move || {
                    opening.run();
                    drop(place);
                });
            }
        })
    }

    pub fn save(&self, ticket: Ticket, save: Save) -> Result<(), Refused> {
        let (path, asked) = (save.path.clone(), ticket.clone());
        self.write(ticket, path, move || {
            inputs::refuse_inputs(std::slice::from_ref(&save.path), &save.sources).map_err(|e| e.to_string())?;
            let about = Provenance { origin: save.origin, command: &save.command, model: &save.model };
            let picture = save.paste.as_deref().map(pasted).transpose()?.map_or(save.picture, Arc::new);
            if asked.is_cancelled() {
                return Err(CALLED_OFF.to_owned());
            }
            if let (true, Some(folder)) = (save.makes_folder, save.path.parent()) {
                fs::create_dir_all(folder).map_err(|e| WriteError::new(folder, &e).to_string())?;
            }
            picture::save(&save.path, &picture, &about).map_err(|e| e.to_string())
        })
    }

    pub fn save_edit(
        &self,
        ticket: Ticket,
        path: PathBuf,
        edit: Edit,
        model: Option<ModelName>,
    ) -> Result<(), Refused> {
        let target = path.clone();
        self.write(ticket, path, move || {
            atomic::write(&target, edit.to_json(model.as_ref()).as_bytes()).map_err(|e| e.to_string())
        })
    }

    pub fn read_edit(&self, ticket: Ticket, path: PathBuf) -> Result<(), Refused> {
        self.answer(ticket, move |number| {
            read_edit(&path).map(|(edit, model)| Event::EditRead { number, path, edit: Box::new(edit), model })
        })
    }

    pub fn save_recipe(&self, ticket: Ticket, path: PathBuf, recipe: Recipe, model: ModelName) -> Result<(), Refused> {
        let target = path.clone();
        self.write(ticket, path, move || {
            atomic::write(&target, recipe.to_json(&model).as_bytes()).map_err(|e| e.to_string())
        })
    }

    pub fn read_recipe(&self, ticket: Ticket, path: PathBuf) -> Result<(), Refused> {
        self.answer(ticket, move |number| {
            read_recipe(&path).map(|(recipe, model)| Event::RecipeRead {
                number,
                path,
                recipe: Box::new(recipe),
                model,
            })
        })
    }

    pub fn save_board(&self, ticket: Ticket, path: PathBuf, board: BoardPicture) -> Result<(), Refused> {
        let (target, asked) = (path.clone(), ticket.clone());
        self.write(ticket, path, move || {
            inputs::refuse_inputs(std::slice::from_ref(&target), &board.sources).map_err(|e| e.to_string())?;
            let sheet = drawn(&board);
            if asked.is_cancelled() {
                return Err(CALLED_OFF.to_owned());
            }
            let about = Provenance { origin: Origin::Generated, command: &board.command, model: &board.model };
            picture::save(&target, &sheet, &about).map_err(|e| e.to_string())
        })
    }

    /// The devices to choose from; asking the drivers may take a second.
    pub fn list_devices(&self, ticket: Ticket) -> Result<(), Refused> {
        self.answer(ticket, |number| Ok(Event::Devices { number, cpu: device::cpu().name, gpus: device::adapters() }))
    }

    /// Writes a file; the program does not end before that is done.
    fn write(
        &self,
        ticket: Ticket,
        path: PathBuf,
        work: impl FnOnce() -> Result<(), String> + Send + 'static,
    ) -> Result<(), Refused> {
        let alive = self.alive.clone();
        self.answer(ticket, move |number| {
            let _until_written = alive;
            work().map(|()| Event::Saved { number, path })
        })
    }

    /// Work with one answer: what it returns, or that it failed or was called off.
    fn answer(
        &self,
        ticket: Ticket,
        work: impl FnOnce(u64) -> Result<Event, String> + Send + 'static,
    ) -> Result<(), Refused> {
        let outbox = self.outbox.clone();
        ticket.expect(1);
        self.submit(move |_| {
            let number = ticket.number();
            if ticket.is_cancelled() {
                outbox.say(Event::Cancelled { number });
                return;
            }
            let crashed = |panic| Err(format!("This could not be done ({panic}); please report it"));
            let outcome = guarded(|| work(number)).unwrap_or_else(crashed);
            ticket.advance();
            outbox.say(match outcome {
                Ok(event) => event,
                Err(_) if ticket.is_cancelled() => Event::Cancelled { number },
                Err(sentence) => Event::Failed { number, sentence },
            });
        })
    }

    fn submit(&self, work: impl FnOnce(Arc<()>) + Send + 'static) -> Result<(), Refused> {
        let place = Arc::clone(&self.place);
        if Arc::strong_count(&self.place) > WAITING + 1 {
            return Err(Refused::Full);
        }
        self.short.spawn_fifo(move || work(place));
        Ok(())
    }
}

fn pool(name: &'static str, threads: usize) -> Result<ThreadPool, EngineError> {
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(move |i| format!("{name} {}", i + 1))
        // What may panic is guarded; whatever else does ends its request and not the program.
        .panic_handler(|_| ())
        .build()
        .map_err(|e| EngineError::NoThread(e.to_string()))
}

/// The pictures of one request, folders replaced by what is in them.
struct Opening {
    search: Search,
    ticket: Ticket,
    outbox: Outbox,
    /// A sentence where a folder or file gives no picture.
    pictures: Vec<Result<(Source, Placement), String>>,
    next: AtomicUsize,
}

impl Opening {
    fn new(search: Search, ticket: Ticket, outbox: Outbox, sources: Vec<(Source, Placement)>) -> Self {
        let pictures: Vec<_> = sources.into_iter().flat_map(expanded).collect();
        ticket.expect(pictures.len());
        Opening { search, ticket, outbox, pictures, next: AtomicUsize::new(0) }
    }

    /// Opens all of them on the threads of the pool that this is called in.
    fn run(&self) {
        rayon::scope(|scope| {
            for _ in 1..rayon::current_num_threads().min(self.pictures.len()) {
                scope.spawn(|_| self.share());
            }
            self.share();
        });
        let number = self.ticket.number();
        let all_tried = self.ticket.progress().0 == self.pictures.len();
        self.outbox.say(if all_tried { Event::Done { number } } else { Event::Cancelled { number } });
    }

    /// Takes one picture after the other, in order, until none is left or nobody wants them.
    fn share(&self) {
        let number = self.ticket.number();
        while !self.ticket.is_cancelled() {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(wanted) = self.pictures.get(place) else { return };
            let opened = wanted.clone().and_then(|(source, placement)| self.open(place, source, placement));
            if opened.is_err() && self.ticket.is_cancelled() {
                // The search for faces was cut short.
                return;
            }
            let heard = self.outbox.say(match opened {
                Ok(opened) => Event::Opened { number, opened: Box::new(opened) },
                Err(sentence) => Event::NotOpened { number, place, sentence },
            });
            if !heard {
                return;
            }
            self.ticket.advance();
        }
    }

    fn open(&self, place: usize, source: Source, placement: Placement) -> Result<Opened, String> {
        let (name, path) = match &source {
            Source::Path(path) => {
                (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), Some(path.clone()))
            }
            Source::Bytes { name, .. } | Source::Picture { name, .. } => (name.clone(), None),
        };
        let whole = path.clone().unwrap_or_else(|| PathBuf::from(&name));
        // A decoder is other people's code fed with other people's files.
        let opened = guarded(|| {
            let photo = decoded(source)?;
            let sight = sight_by(&self.search, &photo, placement, &|| self.ticket.is_cancelled());
            Ok((photo, sight.map_err(|sentence| format!("{sentence}: {}", whole.display()))?))
        });
        let crashed =
            |panic| Err(format!("The picture could not be opened ({panic}); please report this: {}", whole.display()));
        let (photo, Sight { faces, cropped: crop, is_photo }) = opened.unwrap_or_else(crashed)?;
        let preview = preview(&photo);
        let tile = crop.as_ref().map_or_else(|| picture::as_aligned(&preview), |crop| crop.picture.clone());
        let (tile, faces) = (Arc::new(tile), Arc::new(faces));
        Ok(Opened { place, name, path, photo, preview, tile, crop, faces, is_photo, placement })
    }
}

fn expanded((source, placement): (Source, Placement)) -> Vec<Result<(Source, Placement), String>> {
    let Source::Path(path) = &source else { return vec![Ok((source, placement))] };
    match inputs::expand(std::slice::from_ref(path)) {
        Ok(found) => found.into_iter().map(|path| Ok((Source::Path(path), placement))).collect(),
        Err(error) => vec![Err(error.to_string())],
    }
}

fn preview(photo: &Arc<RgbImage>) -> Arc<RgbImage> {
    let (width, height) = photo.dimensions();
    let longest = width.max(height);
    if longest <= PREVIEW_SIDE {
        return Arc::clone(photo);
    }
    let scaled = |side: u32| (u64::from(side) * u64::from(PREVIEW_SIDE) / u64::from(longest)).max(1) as u32;
    Arc::new(image::imageops::thumbnail(&**photo, scaled(width), scaled(height)))
}

fn decoded(source: Source) -> Result<Arc<RgbImage>, String> {
    let named = |error: PictureError, name: &str| error.at(Path::new(name)).to_string();
    match source {
        Source::Path(path) => picture::load(&path).map(Arc::new).map_err(|e| e.to_string()),
        Source::Bytes { name, bytes } => picture::decode(&bytes).map(Arc::new).map_err(|e| named(e, &name)),
        Source::Picture { name, photo } => match photo.dimensions() {
            (width, height) if width.min(height) < MIN_SIDE => {
                Err(named(PictureError::TooSmall { width, height }, &name))
            }
            _ => Ok(photo),
        },
    }
}

/// What is in an edit file, and the weights that what others gave was made with, where it says so.
///
/// # Errors
/// One sentence with the path at its end, for a file that cannot be read or is no edit.
pub fn read_edit(path: &Path) -> Result<(Edit, Option<ModelName>), String> {
    let text = fs::read_to_string(path).map_err(|e| {
        format!("The edit file cannot be read ({e}); check its path and permissions: {}", path.display())
    })?;
    Edit::from_json(&text).map_err(|e| format!("{e}: {}", path.display()))
}

/// What is in a recipe file, and the weights it was made with.
///
/// # Errors
/// As [`read_edit`].
pub fn read_recipe(path: &Path) -> Result<(Recipe, ModelName), String> {
    let text = fs::read_to_string(path).map_err(|e| {
        format!("The recipe file cannot be read ({e}); check its path and permissions: {}", path.display())
    })?;
    Recipe::from_json(&text).map_err(|e| format!("{e}: {}", path.display()))
}

/// A board as one labelled sheet.
fn drawn(sheet: &BoardPicture) -> RgbImage {
    let pixels = |picture: &Option<Arc<RgbImage>>| picture.as_deref().cloned();
    let edge = |edge: &BoardEdge| Edge { label: edge.label.clone(), picture: pixels(&edge.picture) };
    let cells: Vec<Vec<_>> = sheet.cells.iter().map(|row| row.iter().map(pixels).collect()).collect();
    let (across, down): (Vec<_>, Vec<_>) =
        (sheet.across.iter().map(edge).collect(), sheet.down.iter().map(edge).collect());
    board(&cells, &across, &down, &sheet.corner)
}
