//! Names by the initials of their pinyin: 周书记 is found by `zsj`.

use pinyin::ToPinyin;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::entity::officer;

/// The initials of a name, in small letters; other characters stay as they are. A character with several readings has
/// its most common one.
pub fn initials(name: &str) -> String {
    let initial = |character: char| match character.to_pinyin() {
        Some(reading) => reading.first_letter().to_owned(),
        None => character.to_lowercase().to_string(),
    };
    name.chars().map(initial).collect()
}

/// Writes the initials of officers who have none yet: those of before there were any.
///
/// # Errors
/// The database fails.
pub async fn fill(connection: &impl ConnectionTrait) -> Result<(), DbErr> {
    let rows: Vec<(Uuid, String)> = officer::Entity::find()
        .filter(officer::Column::Initials.eq(""))
        .select_only()
        .columns([officer::Column::Id, officer::Column::Name])
        .into_tuple()
        .all(connection)
        .await?;
    for (id, name) in rows {
        officer::Entity::update_many()
            .col_expr(officer::Column::Initials, Expr::value(initials(&name)))
            .filter(officer::Column::Id.eq(id))
            .exec(connection)
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn a_name_has_the_initials_that_people_type() {
        assert_eq!(initials("周书记"), "zsj");
        assert_eq!(initials("欧阳·Ali"), "oy·ali");
        assert_eq!(initials(""), "");
    }
}
