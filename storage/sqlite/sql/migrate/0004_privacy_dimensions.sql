-- What was dropped unread, and visits with consent beside those without.

insert into dimension (id, name) values (81, 'dropped'), (82, 'consent');
