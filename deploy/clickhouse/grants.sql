-- Who may do what in ClickHouse: a role each for the collector, which everybody
-- on the internet can reach, for the dashboard, and for migrations. The
-- collector can add counters and read the settings of sites and tokens, but
-- neither read a counter nor see a user; the dashboard can read everything and
-- change settings, but not write a counter; neither can alter a table. To erase a
-- site, days or a label takes a role of its own, see below.
--
-- Run it once as an administrator (a user with access_management), before or
-- after the first `collector migrate`, and again after an update of the program:
--
--     clickhouse-client --multiquery < grants.sql
--
-- On a cluster, write "on cluster NAME" after every name of a role in a
-- "create role" statement and after every "grant", unless the servers keep their
-- users in Keeper (user_directories/replicated).
--
-- The database is called foule here; replace "foule." if yours is not. The
-- programs' users are not made here, as they come with passwords:
--
--     create database if not exists foule;
--     create user collector identified with sha256_password by 'a long random password' host ip '10.0.0.0/24';
--     create user dashboard identified with sha256_password by 'another one' host ip '10.0.0.0/24';
--     create user migrate   identified with sha256_password by 'a third one' host local;
--     grant foule_collector to collector;
--     grant foule_dashboard to dashboard;
--     grant foule_migrate, foule_dashboard to migrate;
--
-- `collector migrate` also does the first start (a site, an administrator and a
-- link to set the password), which is why its user has the dashboard's role,
-- too. `collector move` to ClickHouse needs all four roles.
--
-- Whoever is to erase needs the role foule_erase beside that of the dashboard:
-- either the dashboard itself, for its administrators,
--
--     grant foule_erase to dashboard;
--
-- or only a user of its own, for `collector erase`. Never give it to the collector.
--
-- The servers must not give these users more by a profile or by default: leave
-- users.xml with its "default" user for administrators on the machine itself.

create role if not exists foule_collector;
create role if not exists foule_dashboard;
create role if not exists foule_migrate;
create role if not exists foule_erase;

-- The collector. Tables named *_local are the shards of a cluster; a server on
-- its own has none.
grant insert on foule.stats_minute to foule_collector;
grant insert on foule.stats_hour to foule_collector;
grant insert on foule.stats_day to foule_collector;
grant insert on foule.stats_month to foule_collector;
grant insert on foule.stats_minute_local to foule_collector;
grant insert on foule.stats_hour_local to foule_collector;
grant insert on foule.stats_day_local to foule_collector;
grant insert on foule.stats_month_local to foule_collector;
grant select on foule.site to foule_collector;
grant select on foule.goal to foule_collector;
grant select on foule.token to foule_collector;
grant select on foule.schema_migration to foule_collector;

-- The dashboard.
grant select on foule.* to foule_dashboard;
grant insert on foule.site to foule_dashboard;
grant insert on foule.goal to foule_dashboard;
grant insert on foule.user to foule_dashboard;
grant insert on foule.session to foule_dashboard;
grant insert on foule.token to foule_dashboard;
grant insert on foule.meta to foule_dashboard;
grant insert on foule.claim to foule_dashboard;
-- On a cluster it waits for rows of other servers before it gives a number away.
grant system sync replica on foule.claim to foule_dashboard;
grant system sync replica on foule.user to foule_dashboard;

-- Erasing. Figures of days and labels are taken back by rows that count the other
-- way round, and partitions are merged so that nothing of them stays; a site is
-- deleted with its settings. What was erased is noted in foule.erasure.
grant select on foule.* to foule_erase;
grant insert, optimize, alter delete on foule.stats_minute to foule_erase;
grant insert, optimize, alter delete on foule.stats_hour to foule_erase;
grant insert, optimize, alter delete on foule.stats_day to foule_erase;
grant insert, optimize, alter delete on foule.stats_month to foule_erase;
grant insert, optimize, alter delete on foule.stats_minute_local to foule_erase;
grant insert, optimize, alter delete on foule.stats_hour_local to foule_erase;
grant insert, optimize, alter delete on foule.stats_day_local to foule_erase;
grant insert, optimize, alter delete on foule.stats_month_local to foule_erase;
grant alter delete on foule.site to foule_erase;
grant alter delete on foule.goal to foule_erase;
grant alter delete on foule.token to foule_erase;
grant insert, optimize on foule.erasure to foule_erase;
grant insert on foule.claim to foule_erase;
grant system sync replica on foule.claim to foule_erase;
grant select on system.mutations to foule_erase;
-- For all servers of a cluster; leave it out for a server on its own.
grant cluster on *.* to foule_erase;

-- Migrations make tables and change their columns, lifetime and settings, and add
-- up by month what was counted by day before. They drop nothing.
grant create table on foule.* to foule_migrate;
grant alter column on foule.* to foule_migrate;
grant alter ttl on foule.* to foule_migrate;
grant alter settings on foule.* to foule_migrate;
grant select on foule.schema_migration to foule_migrate;
grant insert on foule.schema_migration to foule_migrate;
grant select on foule.stats_day to foule_migrate;
grant select on foule.stats_month to foule_migrate;
grant insert on foule.stats_month to foule_migrate;
-- For tables over all shards of a cluster; leave them out for a server on its own.
grant cluster on *.* to foule_migrate;
grant remote on *.* to foule_migrate;

-- What the programs look at to say what is wrong. Of tables and columns a user
-- sees only those it has a right on.
grant select on system.tables to foule_collector, foule_dashboard, foule_erase, foule_migrate;
grant select on system.columns to foule_collector, foule_dashboard, foule_erase, foule_migrate;
grant select on system.clusters to foule_collector, foule_dashboard, foule_erase, foule_migrate;
