//! What trainees learn from by themselves: links, and files whose content is in the data folder.

use super::InstitutionStore;
use super::fault::failed;
use super::records::{Change, StoreError};
use super::rows::{found, id};
use crate::ids::{CourseId, MaterialId};
use crate::time::Timestamp;
use sqlx::FromRow;

/// Something to learn from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    pub id: MaterialId,
    pub course: CourseId,
    pub title: String,
    pub content: MaterialContent,
    pub created_at: Timestamp,
}

/// Where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaterialContent {
    /// An address that the server never asks.
    Link {
        url: String,
    },
    File(MaterialFile),
}

/// A file as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaterialFile {
    /// What its sender called it: for those who take it away, never a path here.
    pub file_name: String,
    pub media_type: String,
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub content_hash: String,
}

#[derive(FromRow)]
struct MaterialRow {
    id: String,
    course: String,
    title: String,
    url: Option<String>,
    file_name: Option<String>,
    media_type: Option<String>,
    bytes: Option<i64>,
    content_hash: Option<String>,
    created_at: i64,
}

impl TryFrom<MaterialRow> for Material {
    type Error = StoreError;

    fn try_from(row: MaterialRow) -> Result<Self, StoreError> {
        let content = match (row.url, row.file_name, row.media_type, row.bytes, row.content_hash) {
            (Some(url), ..) => MaterialContent::Link { url },
            (None, Some(file_name), Some(media_type), Some(bytes), Some(content_hash)) => {
                let bytes = u64::try_from(bytes).unwrap_or_default();
                MaterialContent::File(MaterialFile { file_name, media_type, bytes, content_hash })
            }
            _ => return Err(StoreError::Unreadable(format!("material {} is neither link nor file", row.id))),
        };
        Ok(Self {
            id: id(&row.id)?,
            course: id(&row.course)?,
            title: row.title,
            content,
            created_at: Timestamp(row.created_at),
        })
    }
}

impl InstitutionStore {
    /// At most `limit` materials of a course, the oldest first, after the one of this time and id.
    pub async fn materials(
        &self,
        course: CourseId,
        after: Option<(i64, String)>,
        limit: u32,
    ) -> Result<Vec<Material>, StoreError> {
        const SQL: &str = "SELECT id, course, title, url, file_name, media_type, bytes, content_hash, created_at
                           FROM material WHERE institution = $1 AND course = $2 AND (created_at, id) > ($3, $4)
                           ORDER BY created_at, id LIMIT $5";
        let (since, last) = after.unwrap_or((i64::MIN, String::new()));
        let rows: Vec<MaterialRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(course.to_string())
            .bind(since)
            .bind(&last)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(Material::try_from).collect()
    }

    pub async fn material(&self, course: CourseId, material: MaterialId) -> Result<Option<Material>, StoreError> {
        const SQL: &str = "SELECT id, course, title, url, file_name, media_type, bytes, content_hash, created_at
                           FROM material WHERE institution = $1 AND course = $2 AND id = $3";
        let row: Option<MaterialRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(course.to_string())
            .bind(material.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(Material::try_from).transpose()
    }

    /// How many bytes the institution's files have.
    pub async fn material_bytes(&self) -> Result<u64, StoreError> {
        let bytes: i64 = reading!(self, on => sqlx::query_scalar(BYTES)
            .bind(self.institution.to_string())
            .fetch_one(on))
        .map_err(failed)?;
        Ok(u64::try_from(bytes).unwrap_or_default())
    }

    /// Adds a material; false, and nothing is written, where the institution's files would have more than `quota` bytes.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the course is not there.
    pub async fn add_material(&self, material: &Material, quota: u64, by: &Change) -> Result<bool, StoreError> {
        const SQL: &str = "INSERT INTO material (id, institution, course, title, kind, url, file_name, media_type,
                                                 bytes, content_hash, created_at)
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let (kind, url, file) = match &material.content {
            MaterialContent::Link { url } => ("link", Some(url), None),
            MaterialContent::File(file) => ("file", None, Some(file)),
        };
        let bytes = file.map_or(0, |file| i64::try_from(file.bytes).unwrap_or(i64::MAX));
        let quota = i64::try_from(quota).unwrap_or(i64::MAX);
        changing!(self, by, tx => {
            let there: i64 = sqlx::query_scalar(BYTES)
                .bind(self.institution.to_string())
                .fetch_one(&mut *tx).await.map_err(failed)?;
            if file.is_some() && there.saturating_add(bytes) > quota {
                return Ok(false);
            }
            sqlx::query(SQL)
                .bind(material.id.to_string())
                .bind(self.institution.to_string())
                .bind(material.course.to_string())
                .bind(&material.title)
                .bind(kind)
                .bind(url)
                .bind(file.map(|file| file.file_name.as_str()))
                .bind(file.map(|file| file.media_type.as_str()))
                .bind(file.map(|_| bytes))
                .bind(file.map(|file| file.content_hash.as_str()))
                .bind(material.created_at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            true
        })
    }

    /// # Errors
    /// [`StoreError::Missing`] where the course has no such material.
    pub async fn remove_material(&self, course: CourseId, material: MaterialId, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM material WHERE institution = $1 AND course = $2 AND id = $3";
        changing!(self, by, tx => {
            let removed = sqlx::query(SQL)
                .bind(self.institution.to_string())
                .bind(course.to_string())
                .bind(material.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            found(removed.rows_affected())?;
        })
    }
}

/// SUM of PostgreSQL's BIGINT is NUMERIC.
const BYTES: &str = "SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM material WHERE institution = $1";
