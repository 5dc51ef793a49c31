//! `facespace apply`: a recipe, saved by `transfer`, given to the faces of photographs.

use std::path::PathBuf;

use clap::Args;

use super::context::{Context, Outcome, Stop, at};
use super::edit::Editing;
use super::outputs;
use super::pictures::{self, Photographs};
use super::put_back::PutBack;
use crate::engine::read_recipe;
use crate::face::Edit;

#[derive(Args)]
pub struct Arguments {
    /// The recipe file, made by `facespace transfer --save-recipe`
    #[arg(value_name = "RECIPE")]
    recipe: PathBuf,
    #[command(flatten)]
    photographs: Photographs,
    /// How much of the change goes into the photograph, from none of it (0) to all (1)
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, allow_hyphen_values = true, conflicts_with = "alone")]
    paste_strength: f32,
    #[command(flatten)]
    put_back: PutBack,
    /// A picture file for one photograph, else a folder
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        std::iter::once(&self.recipe).chain(&self.photographs.paths).cloned().collect()
    }
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let options = arguments.put_back.options(arguments.paste_strength)?;
    let (recipe, made_with) = read_recipe(&arguments.recipe).map_err(Stop::Failed)?;
    if recipe.is_empty() {
        return Err(at("This recipe gives no part; save another with `transfer --save-recipe`", &arguments.recipe));
    }
    context.model()?.require(&made_with).map_err(|e| at(e, &arguments.recipe))?;
    let inputs = pictures::expand(context, &arguments.photographs)?;
    outputs::refuse(&arguments.output, std::slice::from_ref(&arguments.recipe))?;
    let names = outputs::plan(&arguments.photographs.paths, &inputs, &arguments.output)?;
    let edit = Edit { recipe, ..Edit::default() };
    Editing { command: "apply", edit: &edit, options, refines: false }.all(context, &inputs, names)
}
