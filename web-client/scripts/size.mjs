console.log('size: to be measured with the screens');
