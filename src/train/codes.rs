//! Cached codes: `z` of four views of every crop, in a file beside the run, so that stage two can train without pictures
//! (section 5 of the method). Written in blocks that a kill leaves whole, read row by row; nothing in memory grows with
//! the set.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use image::RgbImage;

use super::batches::lock;
use super::codes_render::{CHUNK, Rendered, render};
use super::random::{below, rng_for};
use super::seen::label_seen;
use crate::data::atomic::{self, WriteError};
use crate::data::crops::{CropSet, CropSetError, Label};
use crate::data::hash::fnv;
use crate::data::image::views::{Light, View, max_turn_deg};
use crate::face::CODE_DIM;
use crate::nn::{Code, NnError};

/// Crops whose codes are written at once; a kill costs at most as many.
pub const BLOCK: usize = 256;

const MAGIC: [u8; 8] = *b"FSCODES\n";
const VERSION: u32 = 1;
const HEADER: usize = 64;
/// Where the header says how many rows are whole.
const DONE_AT: u64 = 56;
/// The crop and the side of its picture stand before the codes.
const PREFIX: usize = 8;
const CODE_BYTES: usize = 4 * CODE_DIM;
const ROW: usize = PREFIX + CodeView::ALL.len() * CODE_BYTES;

/// One of the views whose codes are cached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeView {
    /// As the crop is.
    Plain,
    /// Left and right changed.
    Mirrored,
    /// Turned in the picture's plane, and nothing else.
    Turned,
    /// In another light, and nothing else.
    Relit,
}

impl CodeView {
    pub const ALL: [CodeView; 4] = [CodeView::Plain, CodeView::Mirrored, CodeView::Turned, CodeView::Relit];
}

/// A cached code by its crop and view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cached {
    pub crop: usize,
    pub view: CodeView,
}

/// What decides the codes, beside the set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    pub seed: u64,
    /// Fingerprint of the encoder's weights.
    pub encoder: u64,
    /// Largest turn in degrees; what a picture's margin does not allow is never used.
    pub turn_deg: f32,
    /// Each crop's colours are spread (section 2 of the method).
    pub stretch: bool,
}

/// Why there are no cached codes.
#[derive(Debug, thiserror::Error)]
pub enum CodesError {
    #[error(transparent)]
    Set(#[from] CropSetError),
    #[error(transparent)]
    Encoder(#[from] NnError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("The encoder gave {found} codes for {wanted} pictures; please report this")]
    Count { found: usize, wanted: usize },
    #[error("The encoder's code of picture {crop} is no longer finite; resume from an earlier checkpoint with --from")]
    NotFinite { crop: usize },
    #[error("There is no cached code of picture {crop}, only of {len} pictures; please report this")]
    NoRow { crop: usize, len: usize },
    #[error("The pictures for the codes could not be prepared ({0}); resume the training")]
    Panicked(String),
    #[error("A thread for preparing pictures could not be started ({0}); choose fewer workers")]
    NoThread(io::Error),
    #[error("The codes were not finished; they go on where they are when the training is resumed")]
    Cancelled,
    #[error("The cached codes cannot be read ({detail}); delete them, they are made again: {}", path.display())]
    Unreadable { path: PathBuf, detail: String },
}

/// Gives the codes of pictures of 128 x 128, at most 128 of them, one for each.
pub type Encode<'a> = dyn FnMut(&[RgbImage]) -> Result<Vec<Code>, NnError> + 'a;

/// The codes of a whole set.
pub struct Codes {
    rows: Rows,
    len: usize,
    recipe: Recipe,
}

impl Codes {
    /// Opens the codes at `path` where they were made of this set by this recipe; goes on with them where they are not
    /// finished, and makes them anew where they are of another. `progress` hears how many of how many crops are done
    /// and answers false to stop. A picture that cannot be read is replaced by the next one that can.
    ///
    /// # Errors
    /// An unreadable set, a failing encoder, a full disk; [`CodesError::Cancelled`]. What is written by then stays.
    pub fn build(
        path: &Path,
        set: &CropSet,
        recipe: Recipe,
        workers: usize,
        encode: &mut Encode,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Self, CodesError> {
        let len = set.len();
        let head = head(set, recipe);
        let (rows, done) = Rows::open(path, &head, len)?;
        thread::scope(|scope| {
            let (send, receive) = sync_channel(1);
            let produce = move || {
                for first in (done..len).step_by(CHUNK) {
                    let chunk = render(set, recipe, first..(first + CHUNK).min(len), workers.max(1));
                    let last = chunk.is_err();
                    // Nobody takes it where the encoder has failed.
                    if send.send(chunk).is_err() || last {
                        return;
                    }
                }
            };
            let named = thread::Builder::new().name("codes".to_owned());
            named.spawn_scoped(scope, produce).map_err(CodesError::NoThread)?;
            write_blocks(&rows, receive, done, len, encode, progress)
        })?;
        Ok(Self { rows, len, recipe })
    }

    /// Number of crops.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// One cached `z`.
    ///
    /// # Errors
    /// A file that cannot be read, or a crop beyond the set.
    pub fn code(&self, cached: Cached) -> Result<Code, CodesError> {
        let mut bytes = [0; CODE_BYTES];
        let within = PREFIX + cached.view as usize * CODE_BYTES;
        self.rows.read(self.place(cached.crop)? + within as u64, &mut bytes)?;
        let (numbers, _) = bytes.as_chunks();
        Ok(std::array::from_fn(|i| f32::from_le_bytes(numbers[i])))
    }

    /// Several, one after the other: `[n, 99]`.
    ///
    /// # Errors
    /// As [`Codes::code`].
    pub fn codes(&self, cached: &[Cached]) -> Result<Vec<f32>, CodesError> {
        let mut numbers = Vec::with_capacity(cached.len() * CODE_DIM);
        for &one in cached {
            numbers.extend(self.code(one)?);
        }
        Ok(numbers)
    }

    /// The label of a cached code as its view shows it; landmarks in pixels of the 128-pixel crop.
    ///
    /// # Errors
    /// As [`Codes::code`], or a set that cannot be read.
    pub fn label(&self, set: &CropSet, cached: Cached) -> Result<Label, CodesError> {
        let mut bytes = [0; PREFIX];
        self.rows.read(self.place(cached.crop)?, &mut bytes)?;
        let [crop, side] = [0, 4].map(|at| u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i])));
        let crop = crop as usize;
        let view = view_of(self.recipe, crop, cached.view, side);
        Ok(label_seen(&set.label(crop)?, side, &view))
    }

    fn place(&self, crop: usize) -> Result<u64, CodesError> {
        let known = (crop < self.len).then_some((HEADER + crop * ROW) as u64);
        known.ok_or(CodesError::NoRow { crop, len: self.len })
    }
}

/// The view of a crop whose stored picture has this side: a function of the recipe's seed and the crop. Turns go at
/// least half as far as they may, either way.
pub fn view_of(recipe: Recipe, crop: usize, which: CodeView, stored_side: u32) -> View {
    let plain = View::plain();
    match which {
        CodeView::Plain => plain,
        CodeView::Mirrored => View { mirror: true, ..plain },
        CodeView::Turned => {
            let mut rng = rng_for(recipe.seed, crop as u64, "cached turn");
            let limit = recipe.turn_deg.min(max_turn_deg(stored_side)).max(0.0);
            let share = 0.5 + below(&mut rng, 1001) as f32 / 2000.0;
            let sign = if below(&mut rng, 2) == 0 { 1.0 } else { -1.0 };
            View { turn_deg: sign * share * limit, ..plain }
        }
        CodeView::Relit => {
            let mut rng = rng_for(recipe.seed, crop as u64, "cached light");
            View { light: Some(Light::random(&mut rng)), ..plain }
        }
    }
}

/// Encodes what comes and writes it block by block.
fn write_blocks(
    rows: &Rows,
    chunks: Receiver<Result<Rendered, CodesError>>,
    mut done: usize,
    len: usize,
    encode: &mut Encode,
    progress: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<(), CodesError> {
    let mut block = Vec::with_capacity(BLOCK * ROW);
    for chunk in chunks {
        add_rows(&chunk?, encode, &mut block)?;
        let ready = done + block.len() / ROW;
        let go_on = progress(ready as u64, len as u64);
        if block.len() >= BLOCK * ROW || ready == len || !go_on {
            rows.write(done, &block)?;
            (done, block) = (ready, Vec::with_capacity(BLOCK * ROW));
        }
        if !go_on && done < len {
            return Err(CodesError::Cancelled);
        }
    }
    Ok(())
}

fn add_rows(chunk: &Rendered, encode: &mut Encode, block: &mut Vec<u8>) -> Result<(), CodesError> {
    let codes = encode(&chunk.pictures)?;
    if codes.len() != chunk.pictures.len() {
        return Err(CodesError::Count { found: codes.len(), wanted: chunk.pictures.len() });
    }
    for (&(crop, side), codes) in chunk.crops.iter().zip(codes.chunks_exact(CodeView::ALL.len())) {
        if !codes.as_flattened().iter().all(|number| number.is_finite()) {
            return Err(CodesError::NotFinite { crop });
        }
        block.extend((crop as u32).to_le_bytes());
        block.extend(side.to_le_bytes());
        block.extend(codes.as_flattened().iter().flat_map(|number| number.to_le_bytes()));
    }
    Ok(())
}

/// A set by its keys and a few of its pictures.
fn fingerprint(set: &CropSet) -> u64 {
    const PICTURES: usize = 16;
    let keys = set.keys();
    let words = keys.source.iter().map(|&v| u32::from(v)).chain(keys.person.iter().copied());
    let words = words.chain(keys.clip.iter().copied()).flat_map(u32::to_le_bytes);
    let labels = keys.expression.iter().chain(&keys.has).copied();
    let spread = (0..set.len()).step_by(set.len().div_ceil(PICTURES).max(1));
    let pixels = spread.filter_map(|crop| set.picture(crop).ok()).flat_map(RgbImage::into_raw);
    fnv(words.chain(labels).chain(pixels))
}

/// What the file says of itself; its last eight bytes, the number of whole rows, are zero here.
fn head(set: &CropSet, recipe: Recipe) -> [u8; HEADER] {
    let mut head = [0; HEADER];
    head[..8].copy_from_slice(&MAGIC);
    head[8..12].copy_from_slice(&VERSION.to_le_bytes());
    head[12..16].copy_from_slice(&recipe.turn_deg.to_le_bytes());
    head[16..24].copy_from_slice(&(set.len() as u64).to_le_bytes());
    head[24..32].copy_from_slice(&recipe.encoder.to_le_bytes());
    head[32..40].copy_from_slice(&recipe.seed.to_le_bytes());
    head[40..48].copy_from_slice(&fingerprint(set).to_le_bytes());
    head[48..56].copy_from_slice(&u64::from(recipe.stretch).to_le_bytes());
    head
}

/// The file: a header, then a row for each crop.
struct Rows {
    path: PathBuf,
    file: Mutex<File>,
}

impl Rows {
    /// Opens the file with this header, or makes it; how many of `len` rows are whole.
    fn open(path: &Path, head: &[u8; HEADER], len: usize) -> Result<(Self, usize), CodesError> {
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = opened.map_err(|error| WriteError::new(path, &error))?;
        let done = whole_rows(&mut file, head, len);
        let done = done.map_err(|error| CodesError::Unreadable { path: path.to_owned(), detail: error.to_string() })?;
        let rows = Self { path: path.to_owned(), file: Mutex::new(file) };
        let mut head = *head;
        head[DONE_AT as usize..].copy_from_slice(&(done as u64).to_le_bytes());
        // What lies behind the whole rows goes, so that the length of the file never promises more than was written.
        rows.change(HEADER, |file| {
            file.set_len((HEADER + done * ROW) as u64)?;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&head)?;
            file.sync_data()
        })?;
        Ok((rows, done))
    }

    /// Writes rows from the row `first` on; once they are safe, the header counts them.
    fn write(&self, first: usize, rows: &[u8]) -> Result<(), CodesError> {
        let done = (first + rows.len() / ROW) as u64;
        self.change(HEADER + first * ROW + rows.len(), |file| {
            file.seek(SeekFrom::Start((HEADER + first * ROW) as u64))?;
            file.write_all(rows)?;
            file.sync_data()?;
            file.seek(SeekFrom::Start(DONE_AT))?;
            file.write_all(&done.to_le_bytes())?;
            file.sync_data()
        })
    }

    /// Writes up to `end`.
    fn change(&self, end: usize, work: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), CodesError> {
        let changed = atomic::rehearse_room(end as u64).and_then(|()| work(&mut lock(&self.file)));
        Ok(changed.map_err(|error| WriteError::new(&self.path, &error))?)
    }

    fn read(&self, place: u64, bytes: &mut [u8]) -> Result<(), CodesError> {
        let mut file = lock(&self.file);
        let read = file.seek(SeekFrom::Start(place)).and_then(|_| file.read_exact(bytes));
        read.map_err(|error| CodesError::Unreadable { path: self.path.clone(), detail: error.to_string() })
    }
}

/// Rows that the header counts and the file holds; none where it is of other codes.
fn whole_rows(file: &mut File, head: &[u8; HEADER], len: usize) -> io::Result<usize> {
    let size = file.metadata()?.len();
    if size < HEADER as u64 {
        return Ok(0);
    }
    let mut found = [0; HEADER];
    file.read_exact(&mut found)?;
    let (known, counted) = found.split_at(DONE_AT as usize);
    if known != &head[..DONE_AT as usize] {
        return Ok(0);
    }
    let counted = counted.iter().rev().fold(0, |count, &byte| (count << 8) | u64::from(byte));
    Ok(counted.min((size - HEADER as u64) / ROW as u64).min(len as u64) as usize)
}
