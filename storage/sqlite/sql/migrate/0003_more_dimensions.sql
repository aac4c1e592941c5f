-- More dimensions, and two more counters at the end of counts:
--   interactions, quantity

insert into dimension (id, name) values
    (41, 'crawler'), (42, 'product_sku'), (43, 'product'),
    (44, 'product_category'), (45, 'cart_sku'), (46, 'cart_product'),
    (47, 'cart_category'), (48, 'basket'), (49, 'content'), (50, 'content_piece'),
    (51, 'content_target'), (52, 'timing'), (53, 'timing_bucket'),
    (54, 'load_time'), (55, 'funnel_step'), (56, 'next_page'),
    (57, 'previous_page'), (58, 'previous_search'), (59, 'page_after_search'),
    (60, 'title_after_search'), (61, 'visit_value_1'), (62, 'visit_value_2'),
    (63, 'visit_value_3'), (64, 'visit_value_4'), (65, 'visit_value_5'),
    (66, 'visit_value_6'), (67, 'visit_value_7'), (68, 'visit_value_8'),
    (69, 'visit_value_9'), (70, 'visit_value_10'), (71, 'action_value_1'),
    (72, 'action_value_2'), (73, 'action_value_3'), (74, 'action_value_4'),
    (75, 'action_value_5'), (76, 'action_value_6'), (77, 'action_value_7'),
    (78, 'action_value_8'), (79, 'action_value_9'), (80, 'action_value_10');

-- The views once more, with the two.
drop view report_minute;
drop view report_hour;
drop view report_day;
drop view report_month;

create view report_minute as
select
    datetime(r.minute * 60, 'unixepoch') as utc_minute,
    r.site as site,
    coalesce(json_extract('[' || r.counts || ']', '$[0]'), 0) as visits,
    coalesce(json_extract('[' || r.counts || ']', '$[1]'), 0) as visitors,
    coalesce(json_extract('[' || r.counts || ']', '$[2]'), 0) as hits,
    coalesce(json_extract('[' || r.counts || ']', '$[3]'), 0) as actions,
    coalesce(json_extract('[' || r.counts || ']', '$[4]'), 0) as bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[5]'), 0) as seconds,
    coalesce(json_extract('[' || r.counts || ']', '$[6]'), 0) as entries,
    coalesce(json_extract('[' || r.counts || ']', '$[7]'), 0) as entry_bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[8]'), 0) as exits,
    coalesce(json_extract('[' || r.counts || ']', '$[9]'), 0) as converted_visits,
    coalesce(json_extract('[' || r.counts || ']', '$[10]'), 0) as conversions,
    coalesce(json_extract('[' || r.counts || ']', '$[11]'), 0) as revenue,
    coalesce(json_extract('[' || r.counts || ']', '$[12]'), 0) as value,
    coalesce(json_extract('[' || r.counts || ']', '$[13]'), 0) as value_count,
    coalesce(json_extract('[' || r.counts || ']', '$[14]'), 0) as interactions,
    coalesce(json_extract('[' || r.counts || ']', '$[15]'), 0) as quantity
from stats_minute r;

create view report_hour as
select
    datetime(r.hour * 3600, 'unixepoch') as utc_hour,
    r.site as site,
    d.name as dimension,
    case r.label when 0 then '' when 1 then '(other)' else l.text end as label,
    coalesce(json_extract('[' || r.counts || ']', '$[0]'), 0) as visits,
    coalesce(json_extract('[' || r.counts || ']', '$[1]'), 0) as visitors,
    coalesce(json_extract('[' || r.counts || ']', '$[2]'), 0) as hits,
    coalesce(json_extract('[' || r.counts || ']', '$[3]'), 0) as actions,
    coalesce(json_extract('[' || r.counts || ']', '$[4]'), 0) as bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[5]'), 0) as seconds,
    coalesce(json_extract('[' || r.counts || ']', '$[6]'), 0) as entries,
    coalesce(json_extract('[' || r.counts || ']', '$[7]'), 0) as entry_bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[8]'), 0) as exits,
    coalesce(json_extract('[' || r.counts || ']', '$[9]'), 0) as converted_visits,
    coalesce(json_extract('[' || r.counts || ']', '$[10]'), 0) as conversions,
    coalesce(json_extract('[' || r.counts || ']', '$[11]'), 0) as revenue,
    coalesce(json_extract('[' || r.counts || ']', '$[12]'), 0) as value,
    coalesce(json_extract('[' || r.counts || ']', '$[13]'), 0) as value_count,
    coalesce(json_extract('[' || r.counts || ']', '$[14]'), 0) as interactions,
    coalesce(json_extract('[' || r.counts || ']', '$[15]'), 0) as quantity
from unpacked_hour r
join dimension d on d.id = r.dim
left join label l on l.site = r.site and l.dim = r.dim and l.id = r.label;

create view report_day as
select
    date(r.day * 86400, 'unixepoch') as day,
    r.site as site,
    d.name as dimension,
    case r.label when 0 then '' when 1 then '(other)' else l.text end as label,
    f.name as filter_dimension,
    case r.by_label when 0 then '' when 1 then '(other)' else fl.text end as filter_label,
    coalesce(json_extract('[' || r.counts || ']', '$[0]'), 0) as visits,
    coalesce(json_extract('[' || r.counts || ']', '$[1]'), 0) as visitors,
    coalesce(json_extract('[' || r.counts || ']', '$[2]'), 0) as hits,
    coalesce(json_extract('[' || r.counts || ']', '$[3]'), 0) as actions,
    coalesce(json_extract('[' || r.counts || ']', '$[4]'), 0) as bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[5]'), 0) as seconds,
    coalesce(json_extract('[' || r.counts || ']', '$[6]'), 0) as entries,
    coalesce(json_extract('[' || r.counts || ']', '$[7]'), 0) as entry_bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[8]'), 0) as exits,
    coalesce(json_extract('[' || r.counts || ']', '$[9]'), 0) as converted_visits,
    coalesce(json_extract('[' || r.counts || ']', '$[10]'), 0) as conversions,
    coalesce(json_extract('[' || r.counts || ']', '$[11]'), 0) as revenue,
    coalesce(json_extract('[' || r.counts || ']', '$[12]'), 0) as value,
    coalesce(json_extract('[' || r.counts || ']', '$[13]'), 0) as value_count,
    coalesce(json_extract('[' || r.counts || ']', '$[14]'), 0) as interactions,
    coalesce(json_extract('[' || r.counts || ']', '$[15]'), 0) as quantity
from unpacked_day r
join dimension d on d.id = r.dim
join dimension f on f.id = r.by_dim
left join label l on l.site = r.site and l.dim = r.dim and l.id = r.label
left join label fl on fl.site = r.site and fl.dim = r.by_dim and fl.id = r.by_label;

create view report_month as
select
    printf('%04d-%02d', r.month / 12, r.month % 12 + 1) as month,
    r.site as site,
    d.name as dimension,
    case r.label when 0 then '' when 1 then '(other)' else l.text end as label,
    f.name as filter_dimension,
    case r.by_label when 0 then '' when 1 then '(other)' else fl.text end as filter_label,
    coalesce(json_extract('[' || r.counts || ']', '$[0]'), 0) as visits,
    coalesce(json_extract('[' || r.counts || ']', '$[1]'), 0) as visitors,
    coalesce(json_extract('[' || r.counts || ']', '$[2]'), 0) as hits,
    coalesce(json_extract('[' || r.counts || ']', '$[3]'), 0) as actions,
    coalesce(json_extract('[' || r.counts || ']', '$[4]'), 0) as bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[5]'), 0) as seconds,
    coalesce(json_extract('[' || r.counts || ']', '$[6]'), 0) as entries,
    coalesce(json_extract('[' || r.counts || ']', '$[7]'), 0) as entry_bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[8]'), 0) as exits,
    coalesce(json_extract('[' || r.counts || ']', '$[9]'), 0) as converted_visits,
    coalesce(json_extract('[' || r.counts || ']', '$[10]'), 0) as conversions,
    coalesce(json_extract('[' || r.counts || ']', '$[11]'), 0) as revenue,
    coalesce(json_extract('[' || r.counts || ']', '$[12]'), 0) as value,
    coalesce(json_extract('[' || r.counts || ']', '$[13]'), 0) as value_count,
    coalesce(json_extract('[' || r.counts || ']', '$[14]'), 0) as interactions,
    coalesce(json_extract('[' || r.counts || ']', '$[15]'), 0) as quantity
from unpacked_month r
join dimension d on d.id = r.dim
join dimension f on f.id = r.by_dim
left join label l on l.site = r.site and l.dim = r.dim and l.id = r.label
left join label fl on fl.site = r.site and fl.dim = r.by_dim and fl.id = r.by_label;
