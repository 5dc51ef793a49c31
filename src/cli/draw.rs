//! Found faces drawn into a photograph: their boxes, their points, and their numbers as `--face` takes them.

use image::{Rgb, RgbImage};

use crate::face::found::Found;

const LINE: Rgb<u8> = Rgb([255, 208, 0]);
/// Around lines and behind numbers, so that they are seen on any ground.
const EDGE: Rgb<u8> = Rgb([24, 24, 24]);
/// The longest side of the photograph over the width of a line.
const SIDE_PER_LINE: u32 = 500;
/// Three columns and five rows of each digit, top row first, the left column in the highest bit.
const DIGITS: [[u8; 5]; 10] = [
    [0b111, 0b101, 0b101, 0b101, 0b111],
    [0b010, 0b110, 0b010, 0b010, 0b111],
    [0b111, 0b001, 0b111, 0b100, 0b111],
    [0b111, 0b001, 0b111, 0b001, 0b111],
    [0b101, 0b101, 0b111, 0b001, 0b001],
    [0b111, 0b100, 0b111, 0b001, 0b111],
    [0b111, 0b100, 0b111, 0b101, 0b111],
    [0b111, 0b001, 0b010, 0b010, 0b010],
    [0b111, 0b101, 0b111, 0b101, 0b111],
    [0b111, 0b101, 0b111, 0b001, 0b111],
];
const DIGIT: [i64; 2] = [3, 5];

/// Draws the faces in their order, the first as number 1.
pub fn faces(photo: &mut RgbImage, faces: &[Found]) {
    let line = i64::from((photo.width().max(photo.height()) / SIDE_PER_LINE).max(1));
    for (number, face) in (1..).zip(faces) {
        let frame = face.frame;
        let [left, top, right, bottom] =
            [frame.x, frame.y, frame.x + frame.w, frame.y + frame.h].map(|v| v.round() as i64);
        outline(photo, [left - line, top - line, right + line, bottom + line], 3 * line, EDGE);
        outline(photo, [left, top, right, bottom], line, LINE);
        for point in face.landmarks.iter() {
            let [x, y] = point.map(|v| v.floor() as i64 - line / 2);
            fill(photo, [x, y, x + line, y + line], LINE);
        }
        write(photo, [left + 2 * line, top + 2 * line], 2 * line, number);
    }
}

/// The number in digits of this many photograph pixels to a dot, its corner here.
fn write(photo: &mut RgbImage, [left, top]: [i64; 2], dot: i64, number: usize) {
    let digits: Vec<usize> = number.to_string().bytes().map(|digit| usize::from(digit - b'0')).collect();
    let width = digits.len() as i64 * (DIGIT[0] + 1) - 1;
    fill(photo, [left, top, left + (width + 2) * dot, top + (DIGIT[1] + 2) * dot], EDGE);
    for (place, &digit) in (0..).zip(&digits) {
        for (row, bits) in (0..).zip(DIGITS[digit]) {
            for column in (0..DIGIT[0]).filter(|column| (bits >> (DIGIT[0] - 1 - column)) & 1 == 1) {
                let x = left + (1 + place * (DIGIT[0] + 1) + column) * dot;
                let y = top + (1 + row) * dot;
                fill(photo, [x, y, x + dot, y + dot], LINE);
            }
        }
    }
}

/// The four sides of a box, inwards from its edges `[left, top, right, bottom]`.
fn outline(photo: &mut RgbImage, [left, top, right, bottom]: [i64; 4], width: i64, colour: Rgb<u8>) {
    fill(photo, [left, top, right, top + width], colour);
    fill(photo, [left, bottom - width, right, bottom], colour);
    fill(photo, [left, top, left + width, bottom], colour);
    fill(photo, [right - width, top, right, bottom], colour);
}

/// The pixels of a rectangle `[left, top, right, bottom]` that lie in the photograph.
fn fill(photo: &mut RgbImage, [left, top, right, bottom]: [i64; 4], colour: Rgb<u8>) {
    let within = |v: i64, length: u32| v.clamp(0, i64::from(length)) as u32;
    let (width, height) = photo.dimensions();
    for y in within(top, height)..within(bottom, height) {
        for x in within(left, width)..within(right, width) {
            photo.put_pixel(x, y, colour);
        }
    }
}
