-- Takes out the run that begins right after this segment, to be joined to it.
delete from applied
where source = :source
    and first = :segment + 1
returning last
