//! Columns of tables that were made elsewhere: numbers or names.

use equipoise_lab::discover::Values;
use equipoise_scenario::Sheet;

/// What spreadsheets and data frames write where there is nothing.
const MISSING: [&str; 8] = ["", "nan", "na", "n/a", "null", "none", "inf", "-inf"];

/// A column's values: whole numbers, numbers or names. One in which most cells are numbers is a column of numbers, and
/// what is not a finite number in it is a mistake.
pub fn column(sheet: &mut Sheet, at: usize) -> Values {
    let rows = sheet.len();
    let texts: Vec<String> = (0..rows).map(|row| sheet.text(row, at).to_owned()).collect();
    let missing = |text: &str| MISSING.contains(&text.to_lowercase().as_str());
    let numbers = texts.iter().filter(|text| text.parse::<f64>().is_ok_and(f64::is_finite)).count();
    let names = texts.iter().filter(|text| !missing(text)).count() - numbers;
    if numbers > names {
        let values = (0..rows).map(|row| sheet.number(row, at).unwrap_or(0.0)).collect();
        let whole = texts.iter().all(|text| text.parse::<i64>().is_ok());
        return if whole { Values::Whole(values) } else { Values::Real(values) };
    }
    for (row, text) in texts.iter().enumerate() {
        if missing(text) {
            let found =
                if text.is_empty() { "this cell is empty".to_owned() } else { format!("found `{text}`") };
            sheet.error(row, at, found).expected("the name of a level, as in the other rows");
        }
    }
    Values::levels(texts.iter().map(String::as_str))
}
