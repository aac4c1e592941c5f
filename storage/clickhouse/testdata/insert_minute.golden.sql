insert into stats_minute (site, minute, visitors, visits, hits, actions, bounces, seconds, converted_visits, conversions, revenue, entries, entry_bounces, exits, value, value_count)
