//! Changes to a matrix that is being edited.

use app::leave::authority::{Band, Cell, Column, Matrix, Row};
use app::org::rules::PostClass;

/// Says what holds in a cell.
pub fn set_bands(matrix: &mut Matrix, row: usize, column: usize, bands: Vec<Band>) {
    let Some(key) = matrix.columns.get(column).map(|column| column.key.clone()) else { return };
    let Some(row) = matrix.rows.get_mut(row) else { return };
    match row.cells.iter_mut().find(|cell| cell.column == key) {
        Some(cell) => cell.bands = bands,
        None => row.cells.push(Cell { column: key, bands }),
    }
}

/// Adds a column that says what the first one says, and its place.
pub fn add_column(matrix: &mut Matrix, title: &str) -> usize {
    let is_taken = |key: &String| matrix.columns.iter().any(|column| column.key == *key);
    let key = (1..).map(|number| format!("column_{number}")).find(|key| !is_taken(key)).expect("numbers do not end");
    let place = matrix.columns.len();
    matrix.columns.push(Column { key, title: title.to_owned(), leave_types: Vec::new() });
    for row in 0..matrix.rows.len() {
        let bands = matrix.bands(row, 0).to_vec();
        set_bands(matrix, row, place, bands);
    }
    place
}

/// Names a column and its types.
pub fn set_column(matrix: &mut Matrix, place: usize, title: &str, leave_types: Vec<String>) {
    if let Some(column) = matrix.columns.get_mut(place) {
        title.trim().clone_into(&mut column.title);
        column.leave_types = leave_types;
    }
}

/// Takes a column away with its cells.
pub fn remove_column(matrix: &mut Matrix, place: usize) {
    if place < matrix.columns.len() {
        let column = matrix.columns.remove(place);
        for row in &mut matrix.rows {
            row.cells.retain(|cell| cell.column != column.key);
        }
    }
}

/// Adds a row that says nothing yet, and its place.
pub fn add_row(matrix: &mut Matrix) -> usize {
    matrix.rows.push(Row { classes: Vec::new(), cells: Vec::new() });
    matrix.rows.len() - 1
}

/// Says whom a row is for.
pub fn set_classes(matrix: &mut Matrix, place: usize, classes: Vec<PostClass>) {
    if let Some(row) = matrix.rows.get_mut(place) {
        row.classes = classes;
    }
}

/// Takes a row away.
pub fn remove_row(matrix: &mut Matrix, place: usize) {
    if place < matrix.rows.len() {
        matrix.rows.remove(place);
    }
}

#[cfg(test)]
mod tests {
    use app::leave::authority::lint::lint;
    use app::leave::authority::templates::standard;
    use app::leave::types::Catalogue;

    use super::*;

    #[test]
    fn a_new_column_says_what_the_first_one_says() {
        let mut matrix = standard();
        let place = add_column(&mut matrix, "事假");
        set_column(&mut matrix, place, " 事假 ", vec!["personal".to_owned()]);
        let title = matrix.columns[place].title.as_str();
        assert_eq!((title, lint(&matrix, &Catalogue::default())), ("事假", vec![]));
        assert_eq!(matrix.bands(0, place), matrix.bands(0, 0));
        set_bands(&mut matrix, 0, place, Vec::new());
        assert_eq!(lint(&matrix, &Catalogue::default()).len(), 1, "a gap in the new column alone");
        remove_column(&mut matrix, place);
        assert_eq!(matrix, standard());
        let keys = [add_column(&mut matrix, ""), add_column(&mut matrix, "")].map(|at| matrix.columns[at].key.clone());
        assert_ne!(keys[0], keys[1]);
    }

    #[test]
    fn a_row_is_added_and_taken_away() {
        let mut matrix = standard();
        let place = add_row(&mut matrix);
        set_classes(&mut matrix, place, vec![PostClass::Staff]);
        assert_eq!(matrix.rows[place].classes, [PostClass::Staff]);
        remove_row(&mut matrix, place);
        remove_row(&mut matrix, 99);
        assert_eq!(matrix, standard());
    }
}
