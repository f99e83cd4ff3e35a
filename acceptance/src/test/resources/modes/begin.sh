echo begun
exec sleep 30
