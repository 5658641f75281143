"""The démarche in real browsers, as the people of spec §6 make it."""
