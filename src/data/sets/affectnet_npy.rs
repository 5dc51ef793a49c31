//! AffectNet as it is published since 2021: `train_set` and `val_set`, each with `images/N.jpg`, faces cut out, and
//! `annotations` with four NumPy files a face: `N_exp.npy` (a class 0 to 10), `N_val.npy` and `N_aro.npy` (-2 where not
//! known), `N_lnd.npy` (x and y of 68 landmarks in turn, in pixels of that picture). The numbers are texts in some
//! copies. The two folders may also lie at the root, which is training then.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use npyz::{DType, Deserialize, NpyFile, NpyHeader, TypeChar};

use super::affectnet::points68;
use super::columns::known_classes;
use super::files::{Seen, names, pictures};
use super::walk::{joined, stem};
use super::{Columns, Entries, Entry, Format, Marks, Picture, Problem, Reason, Set, SetError, Split};

/// The parts' folders; the last is the root itself.
const PARTS: [(Split, &str); 4] =
    [(Split::Train, "train_set"), (Split::Val, "val_set"), (Split::Test, "test_set"), (Split::Train, "")];

const IMAGES: &str = "images";
pub(super) const ANNOTATIONS: &str = "annotations";
pub(super) const EXPRESSION: &str = "_exp.npy";
const VALENCE: &str = "_val.npy";
const AROUSAL: &str = "_aro.npy";
const LANDMARKS: &str = "_lnd.npy";

/// An annotation has 136 numbers at most; larger files are something else and not read.
const LARGEST: u64 = 64 << 10;

/// # Errors
/// A folder without `images` and `annotations` in the parts or directly in it, or one that cannot be read.
pub(super) fn open(path: &Path, columns: &Columns) -> Result<Box<dyn Set>, SetError> {
    Ok(Box::new(AffectnetNpy::open(path, columns)?))
}

/// Whether AffectNet's folders of images and annotations lie here.
pub(super) fn is_here(path: &Path) -> bool {
    let is_part = |inner: &str| path.join(inner).join(IMAGES).is_dir() && path.join(inner).join(ANNOTATIONS).is_dir();
    PARTS.iter().any(|(_, inner)| is_part(inner))
}

pub(super) struct AffectnetNpy {
    root: PathBuf,
    pub parts: Vec<Part>,
    columns: Columns,
}

/// A folder with images and annotations.
pub(super) struct Part {
    split: Split,
    folder: PathBuf,
    /// Its name below the root; empty for the root itself.
    pub below: &'static str,
    count: u64,
}

impl AffectnetNpy {
    pub fn open(path: &Path, columns: &Columns) -> Result<Self, SetError> {
        let lacks = |lacks: String| SetError::Lacks { path: path.to_owned(), format: Format::AffectnetNpy, lacks };
        let mut parts: Vec<Part> = Vec::new();
        for (split, below) in PARTS {
            let folder = path.join(below);
            let is_there = |inner: &str| folder.join(inner).is_dir();
            match (is_there(IMAGES), is_there(ANNOTATIONS)) {
                (true, true) if below.is_empty() && !parts.is_empty() => {}
                (true, true) => {
                    let count = pictures(&folder.join(IMAGES))?.len() as u64;
                    parts.push(Part { split, folder, below, count });
                }
                (true, false) if !below.is_empty() => return Err(lacks(format!("the folder {below}/{ANNOTATIONS}"))),
                (false, true) if !below.is_empty() => return Err(lacks(format!("the folder {below}/{IMAGES}"))),
                _ => {}
            }
        }
        if parts.is_empty() {
            return Err(lacks("train_set and val_set with images and annotations in each".to_owned()));
        }
        if parts.iter().all(|part| part.count == 0) {
            return Err(SetError::Empty(path.to_owned()));
        }
        Ok(Self { root: path.to_owned(), parts, columns: columns.clone() })
    }
}

impl Part {
    /// The names of the pictures, those that are numbers in the order of these.
    pub fn pictures(&self) -> Result<Vec<String>, SetError> {
        let mut names = pictures(&self.folder.join(IMAGES))?;
        names.sort_by_cached_key(|name| stem(name).parse::<u64>().unwrap_or(u64::MAX));
        Ok(names)
    }

    pub fn key(&self, picture: &str) -> String {
        joined(&joined(self.below, IMAGES), picture)
    }

    /// One of the four files of a face.
    pub fn annotation(&self, picture: &str, kind: &str) -> PathBuf {
        self.folder.join(ANNOTATIONS).join(format!("{}{kind}", stem(picture)))
    }

    fn entry(&self, picture: &str, columns: &Columns) -> Result<Entry, Problem> {
        let key = self.key(picture);
        let read = |kind: &str| read(&self.annotation(picture, kind)).and_then(|bytes| numbers(&bytes));
        let number = |kind: &str| read(kind).ok().filter(|numbers| numbers.len() == 1).map(|numbers| numbers[0]);
        let mood = |kind: &str| number(kind).map(|value| value as f32).filter(|value| (-1.0..=1.0).contains(value));
        let marks = || {
            let numbers: Vec<f32> = read(LANDMARKS).ok()?.into_iter().map(|value| value as f32).collect();
            Some(Marks::Points68(points68(&numbers)?))
        };
        let class = match read(EXPRESSION) {
            Ok(numbers) if numbers.len() == 1 => columns.affectnet_class_of(&numbers[0].to_string()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Reason::NoRow),
            _ => Err(Reason::bad("an expression that cannot be read")),
        };
        let expression = class.map_err(|reason| Problem::skip(key.as_str(), reason))?;
        Ok(Entry {
            picture: Picture::File(self.folder.join(IMAGES).join(picture)),
            marks: marks().unwrap_or(Marks::None),
            expression,
            valence: mood(VALENCE),
            arousal: mood(AROUSAL),
            person: None,
            clip: None,
            key,
        })
    }
}

impl Set for AffectnetNpy {
    fn format(&self) -> Format {
        Format::AffectnetNpy
    }

    fn name(&self) -> &str {
        "affectnet"
    }

    fn root(&self) -> &Path {
        &self.root
    }

    fn splits(&self) -> Vec<Split> {
        self.parts.iter().map(|part| part.split).collect()
    }

    fn count(&self, split: Split) -> u64 {
        self.parts.iter().find(|part| part.split == split).map_or(0, |part| part.count)
    }

    fn entries(&self, split: Split) -> Result<Entries<'_>, SetError> {
        let Some(part) = self.parts.iter().find(|part| part.split == split) else {
            return Ok(Box::new(std::iter::empty()));
        };
        let pictures = part.pictures()?.into_iter();
        let faces = Faces { part, columns: &self.columns, pictures, seen: Seen::default(), annotations: None };
        Ok(known_classes(Box::new(faces), &self.root))
    }

    fn has_expressions(&self) -> bool {
        true
    }
}

/// The pictures of a part, and after them the annotations without any.
struct Faces<'a> {
    part: &'a Part,
    columns: &'a Columns,
    pictures: std::vec::IntoIter<String>,
    /// Names without their endings.
    seen: Seen,
    /// Names of the files with expressions, once all pictures are through.
    annotations: Option<std::vec::IntoIter<String>>,
}

impl Iterator for Faces<'_> {
    type Item = Result<Entry, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(picture) = self.pictures.next() {
            self.seen.is_new(stem(&picture));
            return Some(self.part.entry(&picture, self.columns));
        }
        if self.annotations.is_none() {
            // The names of the pictures go before these come.
            self.pictures = Vec::new().into_iter();
            match names(&self.part.folder.join(ANNOTATIONS), is_expression) {
                Ok(names) => self.annotations = Some(names.into_iter()),
                Err(error) => return Some(Err(Problem::Stop(error))),
            }
        }
        let seen = &self.seen;
        let mut faces = self.annotations.as_mut()?.filter_map(|name| Some(name.strip_suffix(EXPRESSION)?.to_owned()));
        let alone = faces.find(|face| !seen.contains(face))?;
        Some(Err(Problem::skip(self.part.key(&format!("{alone}.jpg")), Reason::Missing)))
    }
}

fn is_expression(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(EXPRESSION))
}

/// The bytes of an annotation.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// All numbers of a NumPy file, also where they are texts.
fn numbers(bytes: &[u8]) -> io::Result<Vec<f64>> {
    let mut rest = bytes;
    let header = NpyHeader::from_reader(&mut rest)?;
    let DType::Plain(kind) = header.dtype() else { return Err(io::ErrorKind::InvalidData.into()) };
    let file = NpyFile::with_header(header, rest);
    match (kind.type_char(), kind.size_field()) {
        (TypeChar::Float, 4) => all(file, |value: f32| value.into()),
        (TypeChar::Float, 8) => all(file, |value: f64| value),
        (TypeChar::Int, 1) => all(file, |value: i8| value.into()),
        (TypeChar::Int, 2) => all(file, |value: i16| value.into()),
        (TypeChar::Int, 4) => all(file, |value: i32| value.into()),
        (TypeChar::Int, 8) => all(file, |value: i64| value as f64),
        (TypeChar::Uint, 1) => all(file, |value: u8| value.into()),
        (TypeChar::Uint, 2) => all(file, |value: u16| value.into()),
        (TypeChar::Uint, 4) => all(file, |value: u32| value.into()),
        (TypeChar::Uint, 8) => all(file, |value: u64| value as f64),
        (TypeChar::UnicodeStr | TypeChar::ByteStr, _) => {
            let texts = file.into_vec::<String>()?;
            let number = |text: &String| text.trim().parse::<f64>().map_err(|_| io::ErrorKind::InvalidData);
            Ok(texts.iter().map(number).collect::<Result<_, _>>()?)
        }
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

fn all<T: Deserialize>(file: NpyFile<&[u8]>, number: impl Fn(T) -> f64) -> io::Result<Vec<f64>> {
    Ok(file.into_vec::<T>()?.into_iter().map(number).collect())
}

/// The same file with another class in place of the one number that it holds; none where it holds something else. Its
/// type stays as it is: a text as a text, a whole number as one of its width.
pub(super) fn with_class(bytes: &[u8], class: u8) -> Option<Vec<u8>> {
    let mut rest = bytes;
    let header = NpyHeader::from_reader(&mut rest).ok()?;
    let DType::Plain(kind) = header.dtype() else { return None };
    let width = kind.num_bytes()?;
    if header.len() != 1 || rest.len() < width {
        return None;
    }
    let digits = class.to_string();
    let mut item = match (kind.type_char(), kind.size_field()) {
        (TypeChar::Float, 4) => f32::from(class).to_le_bytes().to_vec(),
        (TypeChar::Float, 8) => f64::from(class).to_le_bytes().to_vec(),
        (TypeChar::Int | TypeChar::Uint, _) => vec![class],
        (TypeChar::ByteStr, size) if digits.len() as u64 <= size => digits.into_bytes(),
        (TypeChar::UnicodeStr, size) if digits.len() as u64 <= size => {
            digits.bytes().flat_map(|digit| u32::from(digit).to_le_bytes()).collect()
        }
        _ => return None,
    };
    item.resize(width, 0);
    if kind.endianness() == npyz::Endianness::Big {
        let unit = if kind.type_char() == TypeChar::UnicodeStr { 4 } else { width };
        item.chunks_mut(unit).for_each(<[u8]>::reverse);
    }
    let head = bytes.len() - rest.len();
    Some([&bytes[..head], &item, &rest[width..]].concat())
}
