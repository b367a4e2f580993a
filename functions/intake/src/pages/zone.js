for(const field of document.getElementsByName("zone"))try{field.value=Intl.DateTimeFormat().resolvedOptions().timeZone||""}catch{}
