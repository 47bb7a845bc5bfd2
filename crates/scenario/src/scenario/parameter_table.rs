//! Tables of a scenario file in which every key names a parameter.

macro_rules! parameter_table {
    ($(#[$doc:meta])* $table:ident { $($(#[$field_doc:meta])* $field:ident: $unit:expr,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $table { $($(#[$field_doc])* pub $field: ParameterId,)* }
        impl $table {
            /// Field names and the unit each parameter must have, in order.
            pub const FIELDS: &'static [(&'static str, Unit)] = &[$((stringify!($field), $unit)),*];
            /// Builds the table from parameter indices in the order of [`Self::FIELDS`].
            pub(crate) fn from_ids(ids: &[ParameterId]) -> Option<Self> {
                let mut ids = ids.iter().copied();
                Some(Self { $($field: ids.next()?,)* })
            }
        }
    };
}
