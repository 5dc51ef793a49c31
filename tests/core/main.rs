mod data;
mod face_crop;
