insert into applied (source, first, last) values (:source, :first, :last)
on conflict do update set last = excluded.last
