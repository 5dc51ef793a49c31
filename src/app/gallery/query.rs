//! What is looked for: faces and their weights, how much each part counts, and the faces that are meant at all.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::app::state::{FaceId, State};
use crate::engine::gallery::{FaceKey, Filter, ModelName, Query};
use crate::engine::protocol::RgbImage;
use crate::face::{Expression, FaceCode, Part};

/// Angles of the filter, in degrees; the whole range leaves nobody out.
pub const ANGLES: [f32; 2] = [-90.0, 90.0];

/// One face of a query.
#[derive(Clone, Debug)]
pub struct QueryFace {
    pub of: QueryOf,
    pub name: String,
    /// The thumbnail of a face of the index.
    pub picture: Option<Arc<RgbImage>>,
    /// Its share among the others; above 0.
    pub weight: f32,
}

/// Whose code it is.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryOf {
    /// A face of the tray as it is in its photograph.
    Face(FaceId),
    /// A face of the tray as its sliders have it, now and when they move.
    Edit(FaceId),
    /// A face of the index, with its code there.
    Hit(FaceKey, Box<FaceCode>),
}

impl QueryOf {
    /// The face of the tray.
    pub fn face(&self) -> Option<FaceId> {
        match self {
            QueryOf::Face(id) | QueryOf::Edit(id) => Some(*id),
            QueryOf::Hit(..) => None,
        }
    }
}

/// Weights that answer a usual question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    SamePerson,
    SameExpression,
    SamePose,
    SameStyle,
}

impl Preset {
    pub const ALL: [Preset; 4] = [Preset::SamePerson, Preset::SameExpression, Preset::SamePose, Preset::SameStyle];

    pub fn name(self) -> &'static str {
        match self {
            Preset::SamePerson => "Same person",
            Preset::SameExpression => "Same expression, another person",
            Preset::SamePose => "Same pose",
            Preset::SameStyle => "Same style",
        }
    }

    pub fn explanation(self) -> &'static str {
        match self {
            Preset::SamePerson => "Identity alone counts: who it is, whatever the face does",
            Preset::SameExpression => "Expression counts, and identity counts against a face: others who do the same",
            Preset::SamePose => "Pose alone counts: heads that are turned the same way",
            Preset::SameStyle => "Style alone counts: the same light, colour, glasses and picture quality",
        }
    }

    /// In the order of [`Part::ALL`].
    pub fn weights(self) -> [f32; 4] {
        match self {
            Preset::SamePerson => [0.0, 1.0, 0.0, 0.0],
            Preset::SameExpression => [0.0, -0.5, 1.0, 0.0],
            Preset::SamePose => [1.0, 0.0, 0.0, 0.0],
            Preset::SameStyle => [0.0, 0.0, 0.0, 1.0],
        }
    }
}

/// Conditions that a face must meet, as they stand in the drawer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilterForm {
    /// None for any, also none.
    pub expression: Option<Expression>,
    /// A name or a part of one; empty for anybody.
    pub person: String,
    /// Yaw, pitch and roll in degrees, from and to.
    pub angles: [[f32; 2]; 3],
}

impl Default for FilterForm {
    fn default() -> Self {
        FilterForm { expression: None, person: String::new(), angles: [ANGLES; 3] }
    }
}

impl FilterForm {
    /// As the engine takes it.
    pub fn filter(&self) -> Filter {
        let person = self.person.trim();
        let [yaw, pitch, roll] = self.angles.map(|range| (range != ANGLES).then_some(range));
        Filter {
            expressions: self.expression.into_iter().collect(),
            person: (!person.is_empty()).then(|| person.to_owned()),
            yaw,
            pitch,
            roll,
            in_folder: None,
        }
    }

    /// With ranges that can be.
    pub fn checked(mut self) -> Self {
        for range in &mut self.angles {
            let sound = range.iter().all(|angle| (ANGLES[0]..=ANGLES[1]).contains(angle)) && range[0] <= range[1];
            if !sound {
                *range = ANGLES;
            }
        }
        self
    }
}

/// All that an answer depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Sought {
    pub question: Question,
    pub limit: usize,
    /// Counts the changes of the index.
    pub revision: u64,
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// Empty for everything, in the index's order.
    pub faces: Vec<(FaceCode, f32)>,
    /// In the order of [`Part::ALL`]; zeros without a face.
    pub weights: [f32; 4],
    pub filter: FilterForm,
    /// The weights that codes of the tray come from; none where there are none among the faces.
    pub model: Option<ModelName>,
}

impl Question {
    /// The faces as the engine takes them; none where there are none.
    pub fn query(&self) -> Option<Query> {
        (!self.faces.is_empty()).then(|| Query { faces: self.faces.clone(), weights: self.weights })
    }
}

/// What is looked for now; none while a code of it is still on its way.
///
/// # Errors
/// One sentence, where an edit gives no face.
pub fn question(state: &State) -> Result<Option<Question>, String> {
    let desk = &state.gallery;
    let mut faces = Vec::with_capacity(desk.query.len());
    for face in &desk.query {
        match code(state, face)? {
            Some(code) => faces.push((code, face.weight)),
            None => return Ok(None),
        }
    }
    let ready = state.engine.ready.as_ref().filter(|_| desk.query.iter().any(|face| face.of.face().is_some()));
    let model = ready.map(|ready| ready.model());
    let weights = if faces.is_empty() { [0.0; Part::ALL.len()] } else { desk.weights };
    Ok(Some(Question { faces, weights, filter: desk.filter.clone(), model }))
}

fn code(state: &State, face: &QueryFace) -> Result<Option<FaceCode>, String> {
    let id = match &face.of {
        QueryOf::Hit(_, code) => return Ok(Some(**code)),
        QueryOf::Face(id) | QueryOf::Edit(id) => *id,
    };
    let Some(known) = state.face(id) else { return Ok(None) };
    let Some(own) = state.code_of(known, "take it out of the query")? else { return Ok(None) };
    if !matches!(face.of, QueryOf::Edit(_)) {
        return Ok(Some(own));
    }
    let Some(space) = state.space() else { return Ok(None) };
    match known.record.edit.apply(&own, space) {
        Ok(code) => Ok(Some(code)),
        Err(error) => Err(format!("The edit of {} gives no face to look for ({error})", known.record.name)),
    }
}
