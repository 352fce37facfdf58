//! Institutions that go over to another region take their sums along.

use super::connection::Counting;
use super::levels::{Difference, Level, LevelKey};
use super::rebuild::kept_of_institution;
use crate::store::records::StoreError;

/// Takes an institution's sums off those of one region, and adds them to those of another. The last thing that a
/// transaction does.
pub(in crate::store) async fn move_sums(
    connection: &mut impl Counting,
    of: &str,
    from: &str,
    to: &str,
) -> Result<(), StoreError> {
    let mut difference = Difference::default();
    for row in connection.sums(&kept_of_institution(), of).await? {
        let key = |region: &str| {
            let key = vec![region.to_owned(), row.id.clone()];
            LevelKey { level: Level::Regions, key, day: row.day }
        };
        difference.change([key(from)], &row.sums, i64::saturating_sub);
        difference.change([key(to)], &row.sums, i64::saturating_add);
    }
    difference.write(connection).await
}
