# Installed.cmake -- what is installed beside the programs: manual pages and completions, printed by the programs
# themselves from their option tables, and systemd units
set(wireroom_commands run send status top tap query export store scale restart drain dead check keygen)
set(wireroom_programs ingest hub cleanup boilerplate tag aggregate explain)
set(man_dir ${CMAKE_CURRENT_BINARY_DIR}/man)
set(pages)
function(wr_man page target)
  add_custom_command(OUTPUT ${man_dir}/${page}.1
    COMMAND ${CMAKE_COMMAND} -E make_directory ${man_dir}
    COMMAND ${target} ${ARGN} --man > ${man_dir}/${page}.1
    DEPENDS ${target} VERBATIM)
  set(pages ${pages} ${man_dir}/${page}.1 PARENT_SCOPE)
endfunction()
wr_man(wireroom wireroom)
foreach(name ${wireroom_commands})
  wr_man(wireroom-${name} wireroom ${name})
endforeach()
foreach(name ${wireroom_programs})
  if(TARGET wireroom-${name})
    wr_man(wireroom-${name} wireroom-${name})
  endif()
endforeach()
foreach(shell bash zsh fish)
  add_custom_command(OUTPUT ${man_dir}/completion.${shell}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${man_dir}
    COMMAND wireroom --completion ${shell} > ${man_dir}/completion.${shell}
    DEPENDS wireroom VERBATIM)
  list(APPEND pages ${man_dir}/completion.${shell})
endforeach()
add_custom_target(manual ALL DEPENDS ${pages})

foreach(page ${pages})
  if(page MATCHES "\\.1$")
    install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  endif()
endforeach()
install(FILES ${man_dir}/completion.bash RENAME wireroom
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${man_dir}/completion.zsh RENAME _wireroom
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${man_dir}/completion.fish RENAME wireroom.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

set(unit_dir ${CMAKE_CURRENT_BINARY_DIR}/systemd)
set(units ${PROJECT_SOURCE_DIR}/scripts/systemd)
foreach(unit wireroom wireroom-hub wireroom-ingest)
  configure_file(${units}/${unit}.service.in ${unit_dir}/${unit}.service @ONLY)
endforeach()
foreach(STAGE cleanup boilerplate tag aggregate)
  configure_file(${units}/wireroom-stage@.service.in ${unit_dir}/wireroom-${STAGE}@.service @ONLY)
endforeach()
install(DIRECTORY ${unit_dir}/ DESTINATION lib/systemd/system FILES_MATCHING PATTERN "*.service")
install(FILES ${units}/wireroom.target DESTINATION lib/systemd/system)
install(FILES ${units}/sysusers.conf RENAME wireroom.conf DESTINATION lib/sysusers.d)
