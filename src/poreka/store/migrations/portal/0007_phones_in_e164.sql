-- Phone numbers with their country's code (E.164); before, Polish ones stood without it.
UPDATE profiles SET phone = '+48' || phone WHERE length(phone) = 9 AND phone NOT LIKE '+%';
