# Read by the image once its first start has made an empty server, before anyone can connect.
psql --no-psqlrc --quiet --username postgres --dbname postgres --set ON_ERROR_STOP=1 <<'SQL'
\getenv name DATABASE_NAME
\getenv user DATABASE_USER
\getenv password DATABASE_PASSWORD
CREATE ROLE :"user" LOGIN CREATEDB PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"user";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
rm "$(dirname "$PGDATA")/unfinished"
