//! The training faces' statistics as named tensors of a weights file, and back.

use safetensors::tensor::{Dtype, SafeTensors};

use crate::face::{CODE_DIM, Direction, FaceCode, FaceSpace, PART_DIM, PartSpace, Pose, PoseSpace, UnitPart};

/// What the names of statistics begin with.
pub const PREFIX: &str = "stats.";

/// Name, shape and little-endian single-precision bytes.
pub type NamedTensor = (String, Vec<usize>, Vec<u8>);

/// Every tensor of `space`; the classes' names go into the metadata.
pub fn write(space: &FaceSpace) -> Vec<NamedTensor> {
    let pose = [space.pose.mean, space.pose.spread, space.pose.low, space.pose.high];
    let means: Vec<f32> = space.class_means.iter().flat_map(|(_, mean)| *mean.as_array()).collect();
    let samples: Vec<f32> = space.samples.iter().flat_map(FaceCode::to_array).collect();
    let mut tensors = vec![
        tensor("pose", &[4, 3], pose.map(Pose::to_array_deg).as_flattened()),
        tensor("class_means", &[space.class_means.len(), PART_DIM], &means),
        tensor("samples", &[space.samples.len(), CODE_DIM], &samples),
    ];
    for part in UnitPart::ALL {
        let PartSpace { mean, axes, spread, axis_range, raw_range } = space.part(part);
        tensors.extend([
            tensor(&format!("{part}.mean"), &[PART_DIM], mean),
            tensor(&format!("{part}.axes"), &[PART_DIM, PART_DIM], axes.as_flattened()),
            tensor(&format!("{part}.spread"), &[PART_DIM], spread),
            tensor(&format!("{part}.axis_range"), &[PART_DIM, 2], axis_range.as_flattened()),
            tensor(&format!("{part}.raw_range"), &[PART_DIM, 2], raw_range.as_flattened()),
        ]);
    }
    tensors
}

/// The statistics of a weights file; `classes` names the rows of the class means, separated by commas.
///
/// # Errors
/// The name of what is missing or of another shape.
pub fn read(tensors: &SafeTensors, classes: &str) -> Result<FaceSpace, String> {
    let source = Source(tensors);
    let pose = source.rows::<3>("pose", Some(4))?;
    let pose = |row: usize| Pose::from_array_deg(pose[row]);
    let names: Vec<&str> = classes.split(',').filter(|name| !name.is_empty()).collect();
    let means = source.rows::<PART_DIM>("class_means", Some(names.len()))?;
    let class_means = names.iter().zip(means).map(|(name, mean)| {
        let class = name.parse().map_err(|e: crate::face::code::UnknownName| e.to_string())?;
        Ok((class, Direction::new(mean).ok_or_else(|| format!("the mean of {name} has no direction"))?))
    });
    let samples = source.rows::<CODE_DIM>("samples", None)?;
    let samples = samples.iter().map(|f| FaceCode::from_array(f).ok_or("a sample is no face code".to_owned()));
    Ok(FaceSpace {
        pose: PoseSpace { mean: pose(0), spread: pose(1), low: pose(2), high: pose(3) },
        identity: source.part(UnitPart::Identity)?,
        expression: source.part(UnitPart::Expression)?,
        style: source.part(UnitPart::Style)?,
        class_means: class_means.collect::<Result<_, String>>()?,
        samples: samples.collect::<Result<_, String>>()?,
    })
}

fn tensor(name: &str, shape: &[usize], values: &[f32]) -> NamedTensor {
    let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    (format!("{PREFIX}{name}"), shape.to_vec(), bytes)
}

struct Source<'a>(&'a SafeTensors<'a>);

impl Source<'_> {
    fn part(&self, part: UnitPart) -> Result<PartSpace, String> {
        Ok(PartSpace {
            mean: self.row(&format!("{part}.mean"))?,
            axes: self.square(&format!("{part}.axes"))?,
            spread: self.row(&format!("{part}.spread"))?,
            axis_range: self.square(&format!("{part}.axis_range"))?,
            raw_range: self.square(&format!("{part}.raw_range"))?,
        })
    }

    fn row(&self, name: &str) -> Result<[f32; PART_DIM], String> {
        let values = self.values(name, &[PART_DIM])?;
        values.try_into().map_err(|_| wrong(name))
    }

    fn square<const N: usize>(&self, name: &str) -> Result<[[f32; N]; PART_DIM], String> {
        self.rows::<N>(name, Some(PART_DIM))?.try_into().map_err(|_| wrong(name))
    }

    fn rows<const N: usize>(&self, name: &str, count: Option<usize>) -> Result<Vec<[f32; N]>, String> {
        let found = self.0.tensor(&format!("{PREFIX}{name}")).map_err(|_| wrong(name))?.shape().to_vec();
        let count = count.or(found.first().copied()).unwrap_or(0);
        Ok(self.values(name, &[count, N])?.as_chunks::<N>().0.to_vec())
    }

    fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let view = self.0.tensor(&format!("{PREFIX}{name}")).map_err(|_| wrong(name))?;
        if view.dtype() != Dtype::F32 || view.shape() != shape {
            return Err(wrong(name));
        }
        let values: Vec<f32> = view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        if values.iter().all(|value| value.is_finite()) { Ok(values) } else { Err(wrong(name)) }
    }
}

fn wrong(name: &str) -> String {
    format!("{PREFIX}{name} is missing or of another shape")
}
