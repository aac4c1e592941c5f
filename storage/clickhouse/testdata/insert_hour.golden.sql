insert into stats_hour (site, dim, hour, label, visitors, visits, hits, actions, bounces, seconds, converted_visits, conversions, revenue, entries, entry_bounces, exits, value, value_count)
