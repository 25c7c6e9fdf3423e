//! A database of its own for each test, on each engine.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _};
use store::Store;
use uuid::Uuid;

pub(crate) const POSTGRES: &str = "KENTONGAN_TEST_POSTGRES";

/// One open store and the way round it, for what no method allows.
#[derive(Clone)]
pub(crate) struct Bench {
    pub(crate) store: Store,
    pub(crate) url: String,
    next_id: Arc<AtomicU64>,
}

impl Bench {
    async fn open(url: String) -> Self {
        let store = Store::open(&url).await.expect("open");
        Self {
            store,
            url,
            next_id: Arc::new(AtomicU64::new(1)),
        }
    }

    /// A fresh id; ids rise.
    pub(crate) fn id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.next_id.fetch_add(1, Ordering::Relaxed)))
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    /// Runs SQL past the store; yields the database's word when it refuses.
    pub(crate) async fn raw(&self, sql: &str) -> Result<(), String> {
        let sql = AssertSqlSafe(sql.to_owned());
        let done = if let Some(path) = self.url.strip_prefix("sqlite:") {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
            let mut connection = options.connect().await.expect("connect");
            let done = connection.execute(sqlx::raw_sql(sql)).await.map(drop);
            connection.close().await.expect("close");
            done
        } else {
            let mut connection = sqlx::PgConnection::connect(&self.url)
                .await
                .expect("connect");
            let done = connection.execute(sqlx::raw_sql(sql)).await.map(drop);
            connection.close().await.expect("close");
            done
        };
        done.map_err(|error| error.to_string())
    }
}

/// Runs `body` on every engine there is.
pub(crate) fn on_each_engine<F, Done>(name: &str, body: F)
where
    F: Fn(Bench) -> Done + Send + Sync + 'static,
    Done: Future<Output = ()> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.expect("runtime");
    runtime.block_on(on_sqlite(name, &body));
    match std::env::var(POSTGRES) {
        Ok(server) => runtime.block_on(on_postgres(name, &server, &body)),
        Err(_) => println!("{name}: PostgreSQL not tried, {POSTGRES} is not set"),
    }
}

async fn on_sqlite<F, Done>(name: &str, body: &F)
where
    F: Fn(Bench) -> Done,
    Done: Future<Output = ()> + Send + 'static,
{
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("kentongan.db");
    let bench = Bench::open(format!("sqlite:{}", path.display())).await;
    body(bench.clone()).await;
    bench.store.close().await;
    println!("{name}: held on SQLite");
}

async fn on_postgres<F, Done>(name: &str, server: &str, body: &F)
where
    F: Fn(Bench) -> Done,
    Done: Future<Output = ()> + Send + 'static,
{
    let database = format!("test_{}", Uuid::new_v4().simple());
    let on_server = |sql: String| async move {
        let mut connection = sqlx::PgConnection::connect(server)
            .await
            .expect("PostgreSQL answers");
        connection
            .execute(sqlx::raw_sql(AssertSqlSafe(sql)))
            .await
            .expect("statement");
        connection.close().await.expect("close");
    };
    on_server(format!("CREATE DATABASE {database}")).await;
    let (address, _) = server
        .rsplit_once('/')
        .expect("an address that ends in a database name");
    let bench = Bench::open(format!("{address}/{database}")).await;
    // On a task of its own, so that the database is dropped after a failure too.
    let done = tokio::spawn(body(bench.clone())).await;
    bench.store.close().await;
    on_server(format!("DROP DATABASE {database} WITH (FORCE)")).await;
    if let Err(failure) = done {
        println!("{name}: failed on PostgreSQL");
        std::panic::resume_unwind(failure.into_panic());
    }
    println!("{name}: held on PostgreSQL");
}

/// Declares tests that run on every engine.
macro_rules! each_engine {
    ($($(#[$meta:meta])* async fn $name:ident($bench:ident) $body:block)+) => {$(
        $(#[$meta])*
        #[test]
        fn $name() {
            crate::engine::on_each_engine(stringify!($name), |$bench: crate::engine::Bench| async move { $body });
        }
    )+};
}
pub(crate) use each_engine;

#[test]
fn the_engines_are_named() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("runtime");
    let sqlite = runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().in_memory(true);
        let mut connection = options.connect().await.expect("SQLite");
        sqlx::query_scalar::<_, String>("SELECT sqlite_version()")
            .fetch_one(&mut connection)
            .await
    });
    println!("this suite ran on SQLite {}", sqlite.expect("version"));
    let Ok(server) = std::env::var(POSTGRES) else {
        println!("this suite did not run on PostgreSQL: set {POSTGRES} to the address of a server");
        return;
    };
    let version = runtime.block_on(async {
        let mut connection = sqlx::PgConnection::connect(&server)
            .await
            .expect("PostgreSQL answers");
        sqlx::query_scalar::<_, String>("SHOW server_version")
            .fetch_one(&mut connection)
            .await
    });
    println!("this suite ran on PostgreSQL {}", version.expect("version"));
}
