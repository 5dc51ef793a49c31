//! What a face is: its code and parts, edits, transfers and their recipes, the geometry of the crop; a face found in a
//! photograph and how it is put back. Plain Rust and serde; this room knows no tensors, no window and no file system.

pub mod board;
pub mod code;
pub mod crop;
pub mod drift;
pub mod edit;
pub mod expression;
pub mod found;
pub mod landmarks;
pub mod paste;
pub mod quality;
pub mod recipe;
pub mod space;
pub mod transfer;

pub use board::Board;
pub use code::{CODE_DIM, Direction, FaceCode, PART_DIM, Part, Pose, UnitPart};
pub use crop::{CROP_SIDE, Crop};
pub use drift::{Drift, PartAngles};
pub use edit::{AXIS_LIMIT, AngleEdit, Edit, EditError};
pub use expression::Expression;
pub use found::{FaceBox, Found};
pub use landmarks::Landmarks;
pub use paste::{PasteMode, PasteOptions};
pub use quality::Remark;
pub use recipe::{Gift, Ingredient, ModelName, PartValue, Recipe, RecipeError};
pub use space::{FaceSpace, PartSpace, PoseSpace};
