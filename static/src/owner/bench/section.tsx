/** Trying out: messages as shoppers write them, what each finds and why, repaired in place. */

import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { boot } from '../../shared/boot'
import { KINDS, kindName } from '../../shared/channel'
import { Icon } from '../../shared/icon'
import { alert, search, trial } from '../../shared/icons'
import { keyName } from '../../shared/keys'
import { Empty } from '../../shared/parts/empty'
import { percent } from '../../shared/words'
import { where } from '../address'
import { lendKeys, type Shortcut } from '../keyboard'
import { Pane } from '../parts/pane'
import { mayWrite } from '../rights'
import type { Section } from '../sections'
import {
  asking, channel, followShelf, group, MOST, problem, run, score, text, texts, tried,
} from './asking'
import { Tried } from './tried'
import { t } from './words'

export const benchSection: Section = {
  id: 'bench', label: () => t('bench'), icon: trial, role: 'agent', View: Bench,
}

const RUN: Shortcut = {
  label: () => t('run'), key: { code: 'Enter', ctrl: true }, run: () => void run(),
}

function Bench(): JSX.Element {
  useEffect(() => lendKeys(() => [RUN]), [])
  useEffect(followShelf, [])
  return (
    <Pane title={t('bench')} help={t('benchHelp')}>
      <div class="bench">
        <Messages />
        <Results />
      </div>
    </Pane>
  )
}

function Messages(): JSX.Element {
  const many = texts.value.length
  const submit = (event: Event): void => {
    event.preventDefault()
    void run()
  }
  return (
    <form class="card bench-form" onSubmit={submit}>
      <label class="field">
        <span class="field-head">
          <span class="field-label">{t('messages')}</span>
          <span class={many > MOST ? 'bench-over' : 'quiet'}>
            {t('countOf', { n: many, most: MOST })}
          </span>
        </span>
        <textarea class="input area bench-text" rows={8} value={text.value}
          placeholder={t('messagesHint')}
          onInput={(event) => { text.value = event.currentTarget.value }} />
      </label>
      {many > MOST && <p class="field-warning">{t('tooMany', { most: MOST })}</p>}
      <div class="bench-where">
        <label class="field">
          <span class="field-label">{t('channel')}</span>
          <select class="input" value={channel.value}
            onChange={(event) => { channel.value = event.currentTarget.value }}>
            <option value="">{t('anyChannel')}</option>
            {KINDS.map((kind) => <option key={kind} value={kind}>{kindName(kind)}</option>)}
          </select>
        </label>
        <label class="field">
          <span class="field-label">{t('group')}</span>
          <select class="input" value={group.value}
            onChange={(event) => { group.value = event.currentTarget.value }}>
            <option value="">{t('noGroup')}</option>
            {(boot.team?.groups ?? []).map((name) => <option key={name}>{name}</option>)}
          </select>
        </label>
      </div>
      <button type="submit" class="button button-main button-wide" disabled={many === 0}
        aria-busy={asking.value} title={t('hint', { label: t('run'), key: keyName(RUN.key) })}>
        <Icon of={search} small />{t(asking.value ? 'running' : 'run')}
      </button>
    </form>
  )
}

function Results(): JSX.Element {
  const found = tried.value
  return (
    <div class="bench-results" aria-busy={asking.value}>
      {problem.value && (
        <p class="alert pane-failed" role="alert">
          <Icon of={alert} small /><span>{problem.value}</span>
          <button type="button" class="button" onClick={() => void run()}>{t('retry')}</button>
        </p>
      )}
      {found === null ? (
        !problem.value && <Empty icon={trial} title={t('nothingAsked')} text={t('nothingAskedHelp')} />
      ) : (
        <>
          <Summary />
          <ol class="items">
            {found.items.map((item) => <Tried key={item.text} of={item} limits={found.limits} />)}
          </ol>
        </>
      )}
    </div>
  )
}

function Summary(): JSX.Element | null {
  const found = tried.value
  if (!found) return null
  const first = found.items.map((item) => item.found[0]?.gate ?? 'below')
  const [show, sure, lead] = [found.limits.show, found.limits.sure, found.limits.lead].map(percent)
  const limits = t('limitsAre', { show: show ?? '', sure: sure ?? '', lead: lead ?? '' })
  return (
    <div class="bench-sum">
      <p class="bench-score" role="status">
        {t('score', { n: found.items.length, right: score.value })}
      </p>
      <p class="bench-gates">
        {(['sure', 'shown', 'below'] as const).map((gate) => (
          <span key={gate} class={`gate gate-${gate}`}>
            {t(`gate_${gate}`)} {first.filter((one) => one === gate).length}
          </span>
        ))}
      </p>
      <p class="quiet bench-limits">
        {limits} {mayWrite && <a href={where('limits')}>{t('toLimits')}</a>}
      </p>
    </div>
  )
}
