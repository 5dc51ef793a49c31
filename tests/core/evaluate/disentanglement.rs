use facespace::evaluate::disentanglement::{Attribute, Measure, Row, Table, Values, table};
use facespace::face::Part;
use facespace::nn::Code;

use super::{Noise, plant};

const PEOPLE: usize = 40;
const FACES: usize = 400;

struct Planted {
    codes: Vec<Code>,
    people: Vec<usize>,
    attributes: Vec<Attribute>,
}

/// Faces whose yaw, person, class and light stand in their own parts; a leak stands in style, though it is identity's.
fn planted() -> Planted {
    let mut noise = Noise::new(21);
    let looks: Vec<[f32; 6]> = (0..PEOPLE).map(|_| std::array::from_fn(|_| noise.next())).collect();
    let mut codes = Vec::new();
    let (mut yaw, mut light, mut leak, mut classes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for face in 0..FACES {
        let mut code = noise.code(0.02);
        let class = [0, 0, 0, 1, 4][face / PEOPLE % 5];
        let drawn: [f32; 3] = std::array::from_fn(|_| noise.next());
        plant(&mut code, Part::Pose, 0, drawn[0]);
        for (place, look) in looks[face % PEOPLE].iter().enumerate() {
            plant(&mut code, Part::Identity, place, *look);
        }
        plant(&mut code, Part::Expression, class, 0.5);
        plant(&mut code, Part::Style, 3, drawn[1]);
        plant(&mut code, Part::Style, 4, drawn[2]);
        codes.push(code);
        yaw.push(30.0 * drawn[0]);
        light.push(drawn[1] - 7.0);
        leak.push(drawn[2]);
        classes.push(class);
    }
    let attribute = |name: &str, part, values| Attribute { name: name.to_owned(), part, values };
    Planted {
        codes,
        people: (0..FACES).map(|face| face % PEOPLE).collect(),
        attributes: vec![
            attribute("yaw", Part::Pose, Values::Numbers(yaw)),
            attribute("person", Part::Identity, Values::People),
            attribute("leak", Part::Identity, Values::Numbers(leak)),
            attribute("class", Part::Expression, Values::Classes(classes)),
            attribute("light", Part::Style, Values::Numbers(light)),
            attribute("nothing", Part::Style, Values::Numbers(vec![3.0; FACES])),
        ],
    }
}

fn measured() -> Table {
    let Planted { codes, people, attributes } = planted();
    table(&codes, &people, &attributes, 1).unwrap()
}

fn row<'a>(table: &'a Table, name: &str) -> &'a Row {
    table.rows.iter().find(|row| row.attribute == name).unwrap()
}

#[test]
fn each_attribute_is_read_from_where_it_stands() {
    let table = measured();
    assert_eq!((table.faces, table.people, table.rows.len()), (FACES, PEOPLE, 5), "what never changes is left out");
    for (name, measure, place) in
        [("yaw", Measure::R2, 0), ("light", Measure::R2, 3), ("class", Measure::BalancedAccuracy, 2)]
    {
        let row = row(&table, name);
        assert_eq!(row.measure, measure);
        assert!(row.from_own().value > 0.97 && row.from_own() == row.from_part[place], "{row:?}");
        assert!(row.from_own().n == FACES && row.from_own().interval.is_some(), "{row:?}");
        assert!(row.is_disentangled());
        let others = row.from_part.iter().enumerate().filter(|(i, _)| *i != place).map(|(_, value)| value);
        for value in others.chain([&row.from_rest]) {
            assert!((row.chance - 1.0..row.chance + 0.25).contains(&value.value), "{row:?}");
        }
    }
    assert!((row(&table, "class").chance - 1.0 / 3.0).abs() < 1e-9);
}

#[test]
fn people_are_known_by_their_other_pictures() {
    let table = measured();
    let person = row(&table, "person");
    assert_eq!((person.measure, person.chance), (Measure::Accuracy, 1.0 / PEOPLE as f64));
    assert!(person.from_part[1].value > 0.99 && person.from_rest.value < 0.15, "{person:?}");
}

#[test]
fn a_leak_shows() {
    let table = measured();
    let leak = row(&table, "leak");
    assert!(leak.from_rest.value > 0.97 && leak.from_part[3].value > 0.97 && leak.from_own().value < 0.1, "{leak:?}");
    assert!(!leak.is_disentangled());
    let text = table.to_string();
    let line = text.lines().find(|line| line.starts_with("leak")).unwrap();
    assert!(line.contains("identity") && line.ends_with("the rest says more"), "{text}");
    assert!(text.contains("4 of 5 attributes") && text.contains("400 faces of 40 people"), "{text}");
}

#[test]
fn the_table_survives_json_and_one_person_has_none() {
    let table = measured();
    let text = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<Table>(&text).unwrap().to_string(), table.to_string());
    let plain = table.plain();
    assert_eq!(plain["rows"][0]["from_part"][0], table.rows[0].from_part[0].value);
    assert_eq!(plain["rows"][0]["own_part"], "pose");
    let Planted { codes, attributes, .. } = planted();
    assert!(facespace::evaluate::disentanglement::table(&codes, &[0; FACES], &attributes, 1).is_none());
    assert!(facespace::evaluate::disentanglement::table(&codes, &planted().people, &[], 1).is_none());
}

/// What stands in the code itself is read to rounding, so that R^2 is near 1 in every sample; what nothing says has an R^2
/// about 0.
#[test]
fn readings_have_intervals_over_people() {
    let table = measured();
    let yaw = row(&table, "yaw").from_own().interval.unwrap();
    assert!(yaw.low > 0.95 && yaw.high <= 1.0, "{yaw:?}");
    let figure = row(&table, "leak").from_part[0];
    let none = figure.interval.unwrap();
    assert!(none.low < figure.value && figure.value < none.high && figure.value < 0.1, "{figure:?}");
    // Ten pictures of each person, dealt into five folds: everybody has some in the others.
    assert_eq!(row(&table, "person").from_own().n, FACES);
}

#[test]
fn the_share_of_attributes_that_stand_in_their_own_part_has_an_interval() {
    let share = measured().own_part;
    assert_eq!((share.value, share.n), (0.8, 5));
    let clear = share.interval.unwrap();
    assert!(clear.low <= 0.8 && 0.8 <= clear.high, "{clear:?}");

    // Eight attributes that stand in their own part and in another one, each behind as much noise: which of the two says
    // more is chance.
    let mut noise = Noise::new(22);
    let mut codes: Vec<Code> = (0..FACES).map(|_| noise.code(0.02)).collect();
    let attribute = |place: usize| {
        let planted = |code: &mut Code| {
            let value = noise.next();
            plant(code, Part::Style, place, value + noise.next());
            plant(code, Part::Identity, place, value + noise.next());
            value
        };
        let values = codes.iter_mut().map(planted).collect();
        Attribute { name: format!("factor {place}"), part: Part::Style, values: Values::Numbers(values) }
    };
    let attributes: Vec<Attribute> = (0..8).map(attribute).collect();
    let people: Vec<usize> = (0..FACES).map(|face| face % PEOPLE).collect();
    let table = table(&codes, &people, &attributes, 1).unwrap();
    let (share, range) = (table.own_part, table.own_part.interval.unwrap());
    let better = table.rows.iter().filter(|row| row.is_disentangled()).count();
    assert_eq!((share.value, share.n), (better as f64 / 8.0, 8));
    assert!(range.high - range.low >= 0.125, "one of them at least may be otherwise: {range:?}");
}
