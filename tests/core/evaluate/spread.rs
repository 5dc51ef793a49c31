use facespace::evaluate::spread::places;

#[test]
fn some_of_many_are_spread_over_all() {
    assert_eq!(places(10, 4), [0, 2, 5, 7]);
    assert_eq!((places(3, 10), places(0, 5), places(5, 0)), (vec![0, 1, 2], vec![], vec![]));
    let many = places(10_007, 2000);
    assert!(many.len() == 2000 && many.windows(2).all(|two| (5..=6).contains(&(two[1] - two[0]))));
    assert!(many[1999] > 10_000);
}
